import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { placeBeside, type Anchor } from './placement';

/** Something that opens beside a button, like the board of emoji. Escape or a click elsewhere closes it. */
export function Popover({ anchor, label, onClose, children }: { anchor: Anchor; label: string; onClose: () => void; children: ReactNode }) {
  const ref = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ x: number; y: number }>();

  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const before = document.activeElement;
    element.showPopover();
    setPlace(placeBeside(anchor, element.getBoundingClientRect()));
    element.querySelector<HTMLElement>('button')?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected && element.contains(document.activeElement)) before.focus();
    };
    // Placed once, where it was asked for.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  useEffect(() => {
    const outside = (event: Event) => {
      if (event.target instanceof Node && !ref.current?.contains(event.target)) onClose();
    };
    document.addEventListener('pointerdown', outside, true);
    return () => document.removeEventListener('pointerdown', outside, true);
  }, [onClose]);

  return (
    // Escape belongs to the whole of it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={ref}
      popover="manual"
      className="ctx"
      role="dialog"
      aria-label={label}
      tabIndex={-1}
      style={place && { insetBlockStart: place.y, left: place.x }}
      onKeyDown={event => {
        event.stopPropagation();
        if (event.key === 'Escape') onClose();
      }}
    >
      <div className="menu wide">{children}</div>
    </div>
  );
}
