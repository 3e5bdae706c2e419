import { useEffect, useState } from 'react';
import { Button } from '../../../components/Button';

/** Recovery words, hidden again as soon as the window loses the focus. Never on the clipboard. */
export function WordList({ words }: { readonly words: readonly string[] }) {
  const [veiled, setVeiled] = useState(false);
  useEffect(() => {
    const hide = () => setVeiled(true);
    window.addEventListener('blur', hide);
    document.addEventListener('visibilitychange', hide);
    return () => {
      window.removeEventListener('blur', hide);
      document.removeEventListener('visibilitychange', hide);
    };
  }, []);
  return (
    <>
      <ol className="words" translate="no">
        {words.map((word, index) => (
          <li key={index} className={veiled ? 'veiled' : undefined}>
            <span>{index + 1}</span>
            <b>{veiled ? '•••••' : word}</b>
          </li>
        ))}
      </ol>
      <div className="row words-deeds">
        <Button size="s" look="ghost" icon="eye" aria-pressed={veiled} onClick={() => setVeiled(!veiled)}>
          {veiled ? 'Show' : 'Hide'}
        </Button>
      </div>
    </>
  );
}
