import { Address } from '../../../components/Address';
import { Avatar } from '../../../components/avatar/Avatar';
import { Tag } from '../../../components/Badge';
import { Button } from '../../../components/Button';
import { Icon } from '../../../components/Icon';
import { Note } from '../../../components/Note';
import type { AuthConfig } from '../../../lib';
import { InviteField } from './InviteField';
import type { SignInFlow } from '../hooks/useSignInFlow';

export interface ArriveProps {
  readonly flow: SignInFlow;
  readonly serverName: string;
  readonly registration: AuthConfig['registration'] | undefined;
  readonly unreachable: boolean;
  readonly reason: string | undefined;
  readonly onNewKey: () => void;
  readonly onImport: () => void;
  readonly onUnlock: () => void;
}

const REASONS: Record<string, string> = {
  revoked: 'This device’s session was ended. Sign in again to go on.',
  restored: 'The server was restored from a backup. Sign in again to go on: what was not sent yet is kept.',
  expired: 'You were away for a while. Sign in again to go on.',
};

export function Arrive({ flow, serverName, registration, unreachable, reason, onNewKey, onImport, onUnlock }: ArriveProps) {
  const key = flow.deviceKey;
  const enter = () => (key?.protected ? onUnlock() : flow.withDeviceKey());
  return (
    <>
      <div className="mid">
        <h2>Sign in to {serverName}</h2>
        <p className="lead">Your wallet says who you are. There’s no password to forget or leak.</p>
        {reason && REASONS[reason] && (
          <div className="gate-note">
            <Note tone="info">{REASONS[reason]}</Note>
          </div>
        )}
        {unreachable && (
          <div className="gate-note">
            <Note tone="warn" live>
              The server can’t be reached. Look at your connection, then try again.
            </Note>
          </div>
        )}
        {(registration === 'invite' || flow.inviteAsked) && (
          <div className="gate-note">
            <InviteField flow={flow} />
          </div>
        )}
        {(flow.wallets.length > 0 || key) && (
          <div className="wl">
            {key && (
              <button type="button" className="pref" disabled={flow.busy} onClick={enter}>
                <Avatar of={key.address} size="x40" />
                <span className="grow">
                  <span className="strong block">The key on this device</span>
                  <span className="small dim">
                    <Address of={key.address} />
                  </span>
                </span>
                <Tag tone="a">ready</Tag>
                <Icon name="cright" size="s" />
              </button>
            )}
            {flow.wallets.map(wallet => (
              <button key={wallet.id} type="button" disabled={flow.busy} onClick={() => flow.withWallet(wallet)}>
                <span className="wi">{wallet.icon ? <img src={wallet.icon} alt="" /> : <Icon name="wallet" />}</span>
                <span className="grow">
                  <bdi className="strong block">{wallet.name}</bdi>
                  <span className="small dim">In this browser, it signs right here</span>
                </span>
                <Icon name="cright" size="s" />
              </button>
            ))}
          </div>
        )}
        {flow.problem && (
          <div className="gate-note after">
            <Note tone="danger" live>
              {flow.problem}
            </Note>
          </div>
        )}
        {flow.wallets.length > 0 || key ? <div className="or">{key ? 'someone else?' : 'no wallet?'}</div> : <NoWallet />}
        <Button size="l" wide icon="key" look={flow.wallets.length === 0 && !key ? 'primary' : 'plain'} disabled={flow.busy} onClick={onNewKey}>
          {key ? 'Make another key' : 'Use a key on this device'}
        </Button>
        <p className="help center-text">{key ? 'It takes the place of the one that is here.' : 'Takes ten seconds. You can move it to a wallet later.'}</p>
        {registration === 'closed' && <p className="help center-text">This server takes no new people at the moment.</p>}
      </div>
      <div className="row between small dim gate-foot">
        <Button size="s" look="ghost" onClick={onImport}>
          I have recovery words
        </Button>
        <details className="how">
          <summary>How sign-in works</summary>
          <p>You sign a short text that says: this address is mine. It moves nothing and allows nothing. The server checks the signature and lets you in.</p>
        </details>
      </div>
    </>
  );
}

function NoWallet() {
  return (
    <div className="gate-note">
      <Note icon="wallet">No wallet was found in this browser. A key on this device works just as well.</Note>
    </div>
  );
}
