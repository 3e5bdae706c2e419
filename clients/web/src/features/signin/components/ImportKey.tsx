import { useState } from 'react';
import { Avatar } from '../../../components/avatar/Avatar';
import { FullAddress } from '../../../components/Address';
import { Button } from '../../../components/Button';
import { Area } from '../../../components/Field';
import { Note } from '../../../components/Note';
import { toFailure, type RecoveryKey } from '../../../lib';
import { problemWords, type SignInFlow } from '../hooks/useSignInFlow';
import { PassphraseFields, usePassphrase } from './Passphrase';
import { Steps } from './Gate';
import { InviteField } from './InviteField';

/** Recovery words or a private key from elsewhere. */
export function ImportKey({ flow, onBack }: { readonly flow: SignInFlow; readonly onBack: () => void }) {
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const passphrase = usePassphrase();
  const read = readKey(flow, text);
  const submit = () => {
    setTried(true);
    if (read.key && passphrase.ready) flow.keepAndEnter(read.key, passphrase.value);
  };
  return (
    <form
      className="gate-form"
      autoComplete="off"
      onSubmit={event => {
        event.preventDefault();
        submit();
      }}
    >
      <Steps step={2} of={2} onBack={onBack} />
      <div className="mid">
        <h2>Bring your key</h2>
        <p className="lead">Your twelve words, or a private key. They stay on this device, encrypted.</p>
        <div className="stacked">
          <Area
            label="Recovery words or private key"
            value={text}
            rows={3}
            mono
            focusFirst
            problem={tried ? read.problem : undefined}
            onChange={value => {
              setText(value);
              setTried(false);
            }}
          />
          {read.key && (
            <div className="row gap-12">
              <Avatar of={read.key.address} size="x48" />
              <FullAddress of={read.key.address} />
            </div>
          )}
          <PassphraseFields passphrase={passphrase} />
          {flow.inviteAsked && <InviteField flow={flow} />}
          {flow.problem && (
            <Note tone="danger" live>
              {flow.problem}
            </Note>
          )}
        </div>
      </div>
      <div className="gate-deeds">
        <Button type="submit" size="l" look="primary" wide busy={flow.busy} disabled={text.trim() === ''}>
          Come in
        </Button>
      </div>
    </form>
  );
}

function readKey(flow: SignInFlow, text: string): { readonly key?: RecoveryKey; readonly problem?: string } {
  if (text.trim() === '') return {};
  try {
    return { key: flow.actions.readKey(text) };
  } catch (error) {
    return { problem: problemWords(toFailure(error)) };
  }
}
