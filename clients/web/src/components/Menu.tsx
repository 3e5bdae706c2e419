import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Icon } from './Icon';
import type { IconName } from './icons';
import { placeBeside, type Anchor } from './placement';

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  /** One letter that chooses it while the menu is open. */
  readonly letter?: string;
  readonly danger?: boolean;
  readonly checked?: boolean;
  readonly onSelect: () => void;
}

export interface MenuProps {
  readonly label: string;
  readonly anchor: Anchor;
  readonly items: readonly (MenuItem | 'line')[];
  readonly onClose: () => void;
  /** Above the items, as the row of emoji over a message's menu. */
  readonly top?: ReactNode;
}

/** Opens beside the pointer or button, in the top layer; a bottom sheet on a phone. */
export function Menu({ label, anchor, items, onClose, top }: MenuProps) {
  const ref = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ x: number; y: number }>();
  const typed = useRef({ text: '', at: 0 });

  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const before = document.activeElement;
    element.showPopover();
    setPlace(placeBeside(anchor, element.getBoundingClientRect()));
    element.querySelector<HTMLElement>('[role^="menuitem"]')?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected && element.contains(document.activeElement)) before.focus();
    };
    // The menu is placed once, where it was asked for.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  useEffect(() => {
    const outside = (event: Event) => {
      if (event.target instanceof Node && !ref.current?.contains(event.target)) onClose();
    };
    document.addEventListener('pointerdown', outside, true);
    window.addEventListener('resize', onClose);
    return () => {
      document.removeEventListener('pointerdown', outside, true);
      window.removeEventListener('resize', onClose);
    };
  }, [onClose]);

  const choose = (item: MenuItem) => {
    onClose();
    item.onSelect();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const all = [...(ref.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
    const at = all.findIndex(element => element === document.activeElement);
    const go = (index: number) => all[(index + all.length) % all.length]?.focus();
    if (event.key === 'ArrowDown') go(at + 1);
    else if (event.key === 'ArrowUp') go(at - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(-1);
    else if (event.key === 'Escape' || event.key === 'Tab') onClose();
    else if (event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey) byLetter(event.key, all);
    else return;
    event.preventDefault();
  };

  const byLetter = (key: string, all: readonly HTMLElement[]) => {
    const letter = items.find(item => item !== 'line' && item.letter?.toLowerCase() === key.toLowerCase());
    if (letter && letter !== 'line') return choose(letter);
    const now = performance.now();
    typed.current = { text: (now - typed.current.at < 700 ? typed.current.text : '') + key.toLowerCase(), at: now };
    all.find(element => element.textContent?.toLowerCase().startsWith(typed.current.text))?.focus();
  };

  return (
    // The handler serves the items, which have the focus.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div ref={ref} popover="manual" className="ctx" style={place && { insetBlockStart: place.y, left: place.x }} onKeyDown={onKeyDown}>
      {top}
      <div className="menu" role="menu" aria-label={label}>
        {items.map((item, index) =>
          item === 'line' ? (
            <hr key={index} />
          ) : (
            <button
              key={item.label}
              type="button"
              role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={item.checked}
              tabIndex={-1}
              className={item.danger ? 'mi d' : 'mi'}
              onClick={() => choose(item)}
              onPointerMove={event => event.currentTarget.focus({ preventScroll: true })}
            >
              {item.icon && <Icon name={item.icon} />}
              <span className="grow">{item.label}</span>
              {item.checked && <Icon name="check" size="s" />}
              {item.letter && <span className="kbd desk-only">{item.letter}</span>}
            </button>
          ),
        )}
      </div>
    </div>
  );
}
