import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { SendingRing } from './Glass';
import { Icon } from './Icon';
import type { IconName } from './icons';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> {
  readonly look?: 'plain' | 'primary' | 'ghost' | 'danger' | 'final';
  readonly size?: 's' | 'l';
  readonly icon?: IconName;
  /** The label stays, a ring stands before it. */
  readonly busy?: boolean;
  readonly grow?: boolean;
  readonly wide?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly children: ReactNode;
}

const LOOKS = { plain: '', primary: 'primary', ghost: 'ghost', danger: 'danger', final: 'danger primary' } as const;

export function Button({ look = 'plain', size, icon, busy, grow, wide, children, disabled, type = 'button', ...rest }: ButtonProps) {
  const classes = ['btn', LOOKS[look], size, grow && 'grow', wide && 'wide'].filter(Boolean).join(' ');
  return (
    <button {...rest} type={type} className={classes} disabled={disabled || busy} aria-busy={busy || undefined}>
      {busy ? <SendingRing /> : icon && <Icon name={icon} {...(size === 's' && { size: 's' as const })} />}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'aria-label'> {
  readonly icon: IconName;
  readonly label: string;
  /** Shown in the tooltip after the label, as `Ctrl K`. */
  readonly shortcut?: string;
  readonly on?: boolean;
  readonly look?: 'send';
  readonly only?: 'phone' | 'desk';
  readonly small?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ icon, label, shortcut, on, look, only, small, type = 'button', ...rest }: IconButtonProps) {
  const classes = ['ib', on && 'on', look, only && `${only}-only`, small && 'small'].filter(Boolean).join(' ');
  return (
    <button {...rest} type={type} className={classes} aria-label={label} title={shortcut ? `${label} (${shortcut})` : label}>
      <Icon name={icon} {...(small && { size: 's' as const })} />
    </button>
  );
}
