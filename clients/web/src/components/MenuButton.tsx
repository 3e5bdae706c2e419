import { useState } from 'react';
import { Button, IconButton } from './Button';
import { Icon } from './Icon';
import type { IconName } from './icons';
import { Menu, type MenuItem } from './Menu';
import { anchorOf, type Anchor } from './placement';

/** An icon button with a menu. */
export function MenuButton(props: { icon: IconName; label: string; items: readonly (MenuItem | 'line')[]; only?: 'phone' | 'desk' }) {
  const [anchor, setAnchor] = useState<Anchor>();
  return (
    <>
      <IconButton
        icon={props.icon}
        label={props.label}
        {...(props.only && { only: props.only })}
        aria-haspopup="menu"
        aria-expanded={anchor !== undefined}
        onClick={event => setAnchor(anchorOf(event.currentTarget))}
      />
      {anchor && <Menu label={props.label} anchor={anchor} items={props.items} onClose={() => setAnchor(undefined)} />}
    </>
  );
}

export interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}

/** One of a few, chosen from a menu. */
export function Select<T extends string>({ label, value, options, onChange }: SelectProps<T>) {
  const [anchor, setAnchor] = useState<Anchor>();
  const current = options.find(option => option.value === value)?.label ?? value;
  return (
    <>
      <Button
        size="s"
        aria-haspopup="menu"
        aria-expanded={anchor !== undefined}
        aria-label={`${label}: ${current}`}
        onClick={event => setAnchor(anchorOf(event.currentTarget))}
      >
        {current}
        <Icon name="cdown" size="s" />
      </Button>
      {anchor && (
        <Menu
          label={label}
          anchor={anchor}
          onClose={() => setAnchor(undefined)}
          items={options.map(option => ({ label: option.label, checked: option.value === value, onSelect: () => onChange(option.value) }))}
        />
      )}
    </>
  );
}
