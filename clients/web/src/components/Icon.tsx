import { ICONS, type IconName } from './icons';

const FLIPPED: ReadonlySet<IconName> = new Set(['reply', 'forward', 'thread', 'cleft', 'cright', 'exit']);

/** Always decorative: the control around it carries the words. */
export function Icon({ name, size }: { readonly name: IconName; readonly size?: 's' | 'l' }) {
  const classes = ['i', size, FLIPPED.has(name) && 'flip', name.startsWith('more') && 'dots3'].filter(Boolean).join(' ');
  return (
    <svg className={classes} viewBox="0 0 20 20" aria-hidden="true">
      <path d={ICONS[name]} />
    </svg>
  );
}
