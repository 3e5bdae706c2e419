import { useState } from 'react';
import { Address } from '../../../components/Address';
import { Tag } from '../../../components/Badge';
import { Button } from '../../../components/Button';
import { Dialog } from '../../../components/Dialog';
import { Field } from '../../../components/Field';
import { Icon } from '../../../components/Icon';
import { Note } from '../../../components/Note';
import { Row, Rows } from '../../../components/Rows';
import { ago } from '../../../components/time';
import { useClient, useSignIn } from '../../../lib';
import { useDeed } from '../../people/hooks/useDeed';
import { useMe } from '../../people/hooks/usePerson';
import { WordList } from '../../signin/components/WordList';

export function KeySettings() {
  const me = useMe();
  const client = useClient();
  const { wallets, deviceKey } = useSignIn();
  const deed = useDeed();
  const [showing, setShowing] = useState(false);
  const linked = me.wallets ?? [{ address: me.address, primary: true }];
  return (
    <>
      <h1>Wallets and key</h1>
      <p className="dim settings-lead">Your account outlives any single wallet. Add a second one before you need it.</p>
      <h2>Linked wallets</h2>
      <Rows>
        {linked.map(wallet => (
          <Row
            key={wallet.address}
            start={<Icon name={wallet.address === deviceKey?.address ? 'key' : 'wallet'} />}
            title={
              <>
                <Address of={wallet.address} digits={6} /> {wallet.primary && <Tag tone="a">main</Tag>}
              </>
            }
            detail={wallet.address === deviceKey?.address ? 'The key on this device' : undefined}
            end={
              !wallet.primary && (
                <Button size="s" disabled={deed.busy} onClick={() => deed.run(() => client.account.unlinkWallet(wallet.address))}>
                  Unlink
                </Button>
              )
            }
          />
        ))}
      </Rows>
      {wallets.length > 0 && (
        <div className="row wrap settings-after">
          {wallets.map(wallet => (
            <Button key={wallet.id} icon="plus" busy={deed.busy} onClick={() => deed.run(() => client.account.linkWallet(wallet.id))}>
              Link {wallet.name}
            </Button>
          ))}
        </div>
      )}
      {deed.problem && (
        <Note tone="danger" live>
          {deed.problem}
        </Note>
      )}
      {deviceKey?.hasWords && (
        <>
          <h2>Way back</h2>
          <Rows>
            <Row
              start={<Icon name="key" />}
              title="Recovery words"
              detail={`Made ${ago(deviceKey.createdAt)}`}
              end={
                <Button size="s" onClick={() => setShowing(true)}>
                  Show
                </Button>
              }
            />
          </Rows>
        </>
      )}
      {showing && <WordsDialog locked={deviceKey?.protected ?? false} onClose={() => setShowing(false)} />}
    </>
  );
}

function WordsDialog({ locked, onClose }: { readonly locked: boolean; readonly onClose: () => void }) {
  const { actions } = useSignIn();
  const deed = useDeed();
  const [passphrase, setPassphrase] = useState('');
  const [words, setWords] = useState<string>();
  const show = () => deed.run(async () => setWords(await actions.revealWords(locked ? passphrase : undefined)));
  return (
    <Dialog
      title="Your recovery words"
      onClose={onClose}
      footer={
        !words && (
          <Button look="primary" busy={deed.busy} onClick={show}>
            Show them
          </Button>
        )
      }
    >
      {words ? (
        <WordList words={words.split(' ')} />
      ) : (
        <div className="stacked">
          <p className="dim">Whoever sees these words can be you. Make sure nobody looks over your shoulder.</p>
          {locked && <Field label="Passphrase of this device" type="password" value={passphrase} problem={deed.problem} onChange={event => setPassphrase(event.target.value)} />}
          {!locked && deed.problem && <Note tone="danger">{deed.problem}</Note>}
        </div>
      )}
    </Dialog>
  );
}
