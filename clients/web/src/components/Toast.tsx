import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from 'react';
import { Icon } from './Icon';
import type { IconName } from './icons';

export interface ToastMessage {
  readonly text: string;
  readonly icon?: IconName;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const ToastContext = createContext<(toast: ToastMessage) => void>(() => undefined);

/** Shows one toast at a time for six seconds. Never for errors that need a decision. */
export const useToast = () => useContext(ToastContext);

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [shown, setShown] = useState<{ id: number; toast: ToastMessage }>();
  const [held, setHeld] = useState(false);
  const show = useCallback((toast: ToastMessage) => setShown(last => ({ id: (last?.id ?? 0) + 1, toast })), []);

  useEffect(() => {
    if (!shown || held) return;
    const timer = setTimeout(() => setShown(undefined), 6000);
    return () => clearTimeout(timer);
  }, [shown, held]);

  return (
    <ToastContext value={show}>
      {children}
      <div
        className="toasts"
        role="status"
        onPointerEnter={() => setHeld(true)}
        onPointerLeave={() => setHeld(false)}
        onFocus={() => setHeld(true)}
        onBlur={() => setHeld(false)}
      >
        {shown && (
          <div className="toast" key={shown.id}>
            {shown.toast.icon && <Icon name={shown.toast.icon} />}
            <span>{shown.toast.text}</span>
            {shown.toast.action && (
              <button
                type="button"
                onClick={() => {
                  shown.toast.action?.run();
                  setShown(undefined);
                }}
              >
                <b>{shown.toast.action.label}</b>
              </button>
            )}
          </div>
        )}
      </div>
    </ToastContext>
  );
}
