import { useState } from 'react';
import { Check } from '../../../components/Choices';
import { Field } from '../../../components/Field';

/** A passphrase that locks the key on this device, if one wants it. */
export function usePassphrase() {
  const [wanted, setWanted] = useState(false);
  const [text, setText] = useState('');
  return {
    wanted,
    setWanted,
    text,
    setText,
    ready: !wanted || text.length >= 8,
    value: wanted ? text : undefined,
  };
}

export function PassphraseFields({ passphrase }: { readonly passphrase: ReturnType<typeof usePassphrase> }) {
  return (
    <div>
      <Check on={passphrase.wanted} label="Lock this key with a passphrase" onChange={passphrase.setWanted} />
      {passphrase.wanted && (
        <Field
          label="Passphrase"
          type="password"
          size="l"
          autoComplete="new-password"
          value={passphrase.text}
          help="At least 8 characters. You type it each time you sign in here."
          onChange={event => passphrase.setText(event.target.value)}
        />
      )}
    </div>
  );
}
