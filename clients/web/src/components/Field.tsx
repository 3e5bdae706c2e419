import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from 'react';
import { Icon } from './Icon';
import type { IconName } from './icons';

export interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'size'> {
  /** Always there; `hideLabel` leaves it to assistive technology only. */
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly icon?: IconName;
  readonly help?: ReactNode;
  /** A sentence that says what is wrong. */
  readonly problem?: string | undefined;
  readonly size?: 'l';
  readonly quiet?: boolean;
  readonly end?: ReactNode;
  readonly ref?: Ref<HTMLInputElement>;
}

export function Field({ label, hideLabel, icon, help, problem, size, quiet, end, id, ...rest }: FieldProps) {
  const own = useId();
  const input = id ?? own;
  return (
    <div className="fieldset">
      <label className={hideLabel ? 'unseen' : 'label'} htmlFor={input}>
        {label}
      </label>
      <FieldBox {...(size && { size })} {...(quiet && { quiet })} bad={problem !== undefined}>
        {icon && <Icon name={icon} size="s" />}
        <input {...rest} id={input} aria-invalid={problem !== undefined || undefined} aria-describedby={help || problem ? `${input}-help` : undefined} />
        {end}
      </FieldBox>
      <FieldHelp id={`${input}-help`} help={help} problem={problem} />
    </div>
  );
}

export interface AreaProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly help?: ReactNode;
  readonly problem?: string | undefined;
  readonly rows?: number;
  readonly maxLength?: number;
  readonly placeholder?: string;
  readonly mono?: boolean;
  readonly focusFirst?: boolean;
}

export function Area({ label, value, onChange, help, problem, rows = 3, mono, focusFirst, ...rest }: AreaProps) {
  const id = useId();
  return (
    <div className="fieldset">
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <FieldBox area bad={problem !== undefined}>
        <textarea
          {...rest}
          id={id}
          rows={rows}
          value={value}
          className={mono ? 'mono' : undefined}
          spellCheck={mono ? false : undefined}
          ref={element => {
            if (focusFirst && element && !element.dataset.focused) {
              element.dataset.focused = 'yes';
              element.focus();
            }
          }}
          onChange={event => onChange(event.target.value)}
          aria-invalid={problem !== undefined || undefined}
          aria-describedby={help || problem ? `${id}-help` : undefined}
        />
      </FieldBox>
      <FieldHelp id={`${id}-help`} help={help} problem={problem} />
    </div>
  );
}

function FieldBox(props: { size?: 'l'; quiet?: boolean; bad?: boolean; area?: boolean; children: ReactNode }) {
  const classes = ['field', props.size, props.quiet && 'quiet', props.bad && 'bad', props.area && 'area'].filter(Boolean).join(' ');
  return <div className={classes}>{props.children}</div>;
}

function FieldHelp({ id, help, problem }: { readonly id: string; readonly help: ReactNode; readonly problem: string | undefined }) {
  if (problem !== undefined)
    return (
      <p className="help bad" id={id} role="alert">
        <Icon name="warn" size="s" />
        <span>{problem}</span>
      </p>
    );
  return help ? (
    <p className="help" id={id}>
      {help}
    </p>
  ) : null;
}
