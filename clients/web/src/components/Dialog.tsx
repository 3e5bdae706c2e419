import { useEffect, useId, useRef, type ReactNode } from 'react';
import { IconButton } from './Button';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  /** On a phone: the whole screen instead of a sheet at the bottom. */
  readonly full?: boolean;
  /** A question whose answer is one of its buttons: no close button. */
  readonly question?: boolean;
  readonly wide?: boolean;
}

/**
 * A modal dialog; on a phone a bottom sheet. The platform's <dialog> keeps the focus inside, makes the rest inert and gives the focus
 * back. The first focus goes to [data-autofocus], else to the first field or button.
 */
export function Dialog({ title, onClose, children, footer, full, question, wide }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    const before = document.activeElement;
    dialog.showModal();
    dialog.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    // A click on the dialog element itself is a click on its backdrop; Escape is the keyboard's way and comes as `cancel`.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={ref}
      className={['dialog', full && 'fullp', wide && 'wide'].filter(Boolean).join(' ')}
      aria-labelledby={heading}
      onCancel={event => {
        event.preventDefault();
        onClose();
      }}
      onClick={event => {
        if (event.target === ref.current) onClose();
      }}
      onKeyDown={event => event.stopPropagation()}
    >
      <div className="dialog-in">
        <div className="grab phone-only" />
        <div className="dh">
          <h2 className="grow" id={heading}>
            {title}
          </h2>
          {!question && <IconButton icon="x" label="Close" onClick={onClose} />}
        </div>
        <div className="db">{children}</div>
        {footer && <div className="df">{footer}</div>}
      </div>
    </dialog>
  );
}
