import type { ReactNode } from 'react';
import { Icon } from './Icon';
import type { IconName } from './icons';

const TONES = { info: 'a', warn: 'w', danger: 'd', plain: '' } as const;
const ICON: Record<keyof typeof TONES, IconName> = { info: 'info', warn: 'warn', danger: 'warn', plain: 'info' };

export interface NoteProps {
  readonly tone?: keyof typeof TONES;
  readonly icon?: IconName;
  readonly children: ReactNode;
  readonly action?: ReactNode;
  /** Said aloud when it appears. */
  readonly live?: boolean;
}

export function Note({ tone = 'plain', icon, children, action, live }: NoteProps) {
  return (
    <div className={`note ${TONES[tone]}${action ? ' act' : ''}`} role={live ? (tone === 'danger' ? 'alert' : 'status') : undefined}>
      <Icon name={icon ?? ICON[tone]} />
      <span className="grow">{children}</span>
      {action && <span className="row">{action}</span>}
    </div>
  );
}

export function Strip({ tone, icon, children, action }: { tone?: 'warn' | 'info'; icon: ReactNode; children: ReactNode; action?: ReactNode }) {
  return (
    <div className={tone ? `strip ${tone}` : 'strip'} role="status">
      {icon}
      <span className="grow t1">{children}</span>
      {action}
    </div>
  );
}

export function EmptyState({ icon, title, children, actions }: { icon?: ReactNode; title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="center">
      <div>
        {icon}
        <h2>{title}</h2>
        {children}
        {actions && <div className="row center-actions">{actions}</div>}
      </div>
    </div>
  );
}
