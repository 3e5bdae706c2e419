import { Avatar } from '../../../components/avatar/Avatar';
import { FullAddress } from '../../../components/Address';
import { Button } from '../../../components/Button';
import { Icon } from '../../../components/Icon';
import { Note } from '../../../components/Note';
import type { WalletInfo } from '../../../lib';
import type { SignInFlow } from '../hooks/useSignInFlow';
import { Steps } from './Gate';
import { InviteField } from './InviteField';

export function WhatYouSign({ flow, wallet, serverName, onBack }: { flow: SignInFlow; wallet: WalletInfo; serverName: string; onBack: () => void }) {
  const { step } = flow;
  const address = 'address' in step ? step.address : undefined;
  return (
    <>
      <Steps step={2} of={2} onBack={onBack} />
      <div className="mid">
        {address && (
          <div className="row gap-12 sign-you">
            <Avatar of={address} size="x48" />
            <div>
              <div className="strong">Your tile and address</div>
              <FullAddress of={address} />
            </div>
          </div>
        )}
        <h2>Here is what you sign</h2>
        <div className="facts">
          <Fact title="You say: this wallet is mine.">Only {location.host} can use it, for the next few minutes.</Fact>
          <Fact title="It moves nothing and allows nothing.">No payment, no fee, no access to what you own.</Fact>
          <Fact title="This device stays signed in.">You can end that in Settings, on any device.</Fact>
        </div>
        {flow.inviteAsked && (
          <div className="gate-note after">
            <InviteField flow={flow} />
          </div>
        )}
        {step.step === 'signing' && <div className="raw desk-only">{step.message}</div>}
        <div className="gate-note after">
          {flow.problem ? (
            <Note tone="danger" live>
              {flow.problem}
            </Note>
          ) : (
            <Note tone="info" icon="clock" live>
              {step.step === 'verifying' ? (
                <b>Signed. {serverName} looks at it.</b>
              ) : (
                <>
                  <b>Waiting for {wallet.name}.</b> Its window may be behind this one.
                </>
              )}
            </Note>
          )}
        </div>
      </div>
      <div className="row gate-deeds">
        <Button size="l" grow onClick={onBack}>
          Cancel
        </Button>
        <Button size="l" look="primary" grow busy={flow.busy} onClick={() => flow.withWallet(wallet)}>
          Ask again
        </Button>
      </div>
    </>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <Icon name="check" />
      <span>
        <b>{title}</b>
        <span className="dim">{children}</span>
      </span>
    </div>
  );
}
