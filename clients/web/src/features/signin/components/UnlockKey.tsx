import { useState } from 'react';
import { Avatar } from '../../../components/avatar/Avatar';
import { FullAddress } from '../../../components/Address';
import { Button } from '../../../components/Button';
import { Field } from '../../../components/Field';
import type { SignInFlow } from '../hooks/useSignInFlow';
import { Steps } from './Gate';
import { InviteField } from './InviteField';

export function UnlockKey({ flow, onBack }: { readonly flow: SignInFlow; readonly onBack: () => void }) {
  const [passphrase, setPassphrase] = useState('');
  return (
    <form
      className="gate-form"
      onSubmit={event => {
        event.preventDefault();
        flow.withDeviceKey(passphrase);
      }}
    >
      <Steps step={2} of={2} onBack={onBack} />
      <div className="mid">
        {flow.deviceKey && (
          <div className="row gap-12 sign-you">
            <Avatar of={flow.deviceKey.address} size="x48" />
            <FullAddress of={flow.deviceKey.address} />
          </div>
        )}
        <h2>Unlock your key</h2>
        <p className="lead">The passphrase you gave it on this device.</p>
        <Field
          label="Passphrase"
          type="password"
          size="l"
          autoComplete="current-password"
          // The only field of a step that was asked for.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={passphrase}
          problem={flow.problem}
          onChange={event => setPassphrase(event.target.value)}
        />
        {flow.inviteAsked && <InviteField flow={flow} />}
      </div>
      <div className="gate-deeds">
        <Button type="submit" size="l" look="primary" wide busy={flow.busy} disabled={passphrase === ''}>
          Come in
        </Button>
      </div>
    </form>
  );
}
