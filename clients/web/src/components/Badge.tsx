import type { ReactNode } from 'react';
import { Icon } from './Icon';

export function Badge({ count, quiet }: { readonly count: number; readonly quiet?: boolean }) {
  if (count <= 0) return null;
  return (
    <span className={quiet ? 'badge quiet' : 'badge'} aria-hidden="true">
      {count > 999 ? '999+' : count}
    </span>
  );
}

export function MentionBadge() {
  return (
    <span className="badge at" aria-hidden="true">
      <Icon name="at" />
    </span>
  );
}

export function Tag({ tone, children }: { readonly tone?: 'a' | 'w' | 'ok' | 'd'; readonly children: ReactNode }) {
  return <span className={tone ? `tag ${tone}` : 'tag'}>{children}</span>;
}
