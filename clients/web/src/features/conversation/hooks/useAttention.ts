import { useEffect, useState } from 'react';

/** Whether this page is what the person looks at: visible, and its window has the focus. */
export function useAttention(): boolean {
  const now = () => document.visibilityState === 'visible' && document.hasFocus();
  const [attentive, setAttentive] = useState(now);
  useEffect(() => {
    const update = () => setAttentive(now());
    const events = ['focus', 'blur'] as const;
    events.forEach(name => window.addEventListener(name, update));
    document.addEventListener('visibilitychange', update);
    return () => {
      events.forEach(name => window.removeEventListener(name, update));
      document.removeEventListener('visibilitychange', update);
    };
  }, []);
  return attentive;
}
