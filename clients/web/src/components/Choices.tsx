import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { Icon } from './Icon';

export function Toggle({ on, label, onChange, disabled }: { on: boolean; label: string; onChange: (on: boolean) => void; disabled?: boolean }) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      aria-label={label}
      disabled={disabled}
      className={on ? 'toggle on' : 'toggle'}
      onClick={() => onChange(!on)}
    />
  );
}

export interface Option<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly name?: string;
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly options: readonly Option<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** Arrow keys move and choose, one stop for Tab: radio group semantics for whatever look. */
function useArrowChoice<T extends string>({ options, value, onChange }: ChoiceProps<T>) {
  const group = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const backwards = event.key.startsWith('ArrowL') || event.key.startsWith('ArrowR') ? document.dir === 'rtl' : false;
    const at = options.findIndex(option => option.value === value);
    const next = options[(at + (backwards ? -step : step) + options.length) % options.length];
    if (!next) return;
    onChange(next.value);
    group.current?.querySelectorAll<HTMLElement>('[role="radio"],[role="tab"]')[options.indexOf(next)]?.focus();
  };
  return { group, onKeyDown };
}

export function Segment<T extends string>(props: ChoiceProps<T>) {
  const { group, onKeyDown } = useArrowChoice(props);
  return (
    <div className="seg" role="radiogroup" aria-label={props.label} ref={group} onKeyDown={onKeyDown} tabIndex={-1}>
      {props.options.map(option => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === props.value}
          tabIndex={option.value === props.value ? 0 : -1}
          className={option.value === props.value ? 'on' : undefined}
          onClick={() => props.onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}

/** Folder chips over a list. */
export function Tabs<T extends string>({ controls, ...props }: ChoiceProps<T> & { readonly controls?: string }) {
  const { group, onKeyDown } = useArrowChoice(props);
  return (
    <div className="folders" role="tablist" aria-label={props.label} ref={group} onKeyDown={onKeyDown} tabIndex={-1}>
      {props.options.map(option => (
        <button
          key={option.value}
          type="button"
          role="tab"
          aria-selected={option.value === props.value}
          aria-controls={controls}
          tabIndex={option.value === props.value ? 0 : -1}
          className={option.value === props.value ? 'chip on' : 'chip'}
          onClick={() => props.onChange(option.value)}
        >
          {option.label}
          {option.hint ? <b>{option.hint}</b> : null}
        </button>
      ))}
    </div>
  );
}

export function RadioRows<T extends string>(props: ChoiceProps<T>) {
  const { group, onKeyDown } = useArrowChoice(props);
  const name = useId();
  return (
    <div className="rows" role="radiogroup" aria-label={props.label} ref={group} onKeyDown={onKeyDown} tabIndex={-1}>
      {props.options.map(option => {
        const on = option.value === props.value;
        return (
          <button key={option.value} type="button" role="radio" aria-checked={on} tabIndex={on ? 0 : -1} id={`${name}-${option.value}`} onClick={() => props.onChange(option.value)}>
            <span className={on ? 'radio on' : 'radio'} />
            <span className="grow">
              <span className="block">{option.label}</span>
              {option.hint ? <span className="small dim block">{option.hint}</span> : null}
            </span>
          </button>
        );
      })}
    </div>
  );
}

export function Check({ on, label, onChange }: { on: boolean; label: ReactNode; onChange: (on: boolean) => void }) {
  return (
    <button type="button" role="checkbox" aria-checked={on} className="row checkrow" onClick={() => onChange(!on)}>
      <span className={on ? 'box on' : 'box'}>
        <Icon name="check" />
      </span>
      <span>{label}</span>
    </button>
  );
}
