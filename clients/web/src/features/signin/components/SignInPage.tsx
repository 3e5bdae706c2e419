import { useState } from 'react';
import { useAuthConfig, type RecoveryKey } from '../../../lib';
import { useSignInFlow } from '../hooks/useSignInFlow';
import { Arrive } from './Arrive';
import { CheckWords } from './CheckWords';
import { Gate } from './Gate';
import { ImportKey } from './ImportKey';
import { NewWords } from './NewWords';
import { UnlockKey } from './UnlockKey';
import { WhatYouSign } from './WhatYouSign';

type View = { readonly at: 'arrive' } | { readonly at: 'import' } | { readonly at: 'unlock' } | { readonly at: 'words' | 'check'; readonly key: RecoveryKey };

const ARRIVE: View = { at: 'arrive' };

/** Everything before one is in: arriving, signing, making or bringing a key. */
export function SignInPage({ reason }: { readonly reason?: string | undefined }) {
  const flow = useSignInFlow();
  const config = useAuthConfig();
  const serverName = config.data?.serverName ?? 'CoolChat';
  const [view, setView] = useState<View>(ARRIVE);
  const back = () => {
    flow.reset();
    setView(ARRIVE);
  };

  if (flow.wallet) return (
    <Gate you={'address' in flow.step ? flow.step.address : undefined} slim>
      <WhatYouSign flow={flow} wallet={flow.wallet} serverName={serverName} onBack={back} />
    </Gate>
  );
  switch (view.at) {
    case 'words':
      return (
        <Gate you={view.key.address} slim headline="Yours means: nobody can reset it but you.">
          <NewWords recovery={view.key} serverName={serverName} onBack={back} onDone={() => setView({ at: 'check', key: view.key })} />
        </Gate>
      );
    case 'check':
      return (
        <Gate you={view.key.address} slim headline="Yours means: nobody can reset it but you.">
          <CheckWords recovery={view.key} flow={flow} onBack={() => setView({ at: 'words', key: view.key })} />
        </Gate>
      );
    case 'import':
      return (
        <Gate slim>
          <ImportKey flow={flow} onBack={back} />
        </Gate>
      );
    case 'unlock':
      return (
        <Gate slim you={flow.deviceKey?.address}>
          <UnlockKey flow={flow} onBack={back} />
        </Gate>
      );
    case 'arrive':
      return (
        <Gate>
          <Arrive
            flow={flow}
            serverName={serverName}
            registration={config.data?.registration}
            unreachable={config.isError}
            reason={reason}
            onNewKey={() => setView({ at: 'words', key: flow.actions.newKey() })}
            onImport={() => setView({ at: 'import' })}
            onUnlock={() => setView({ at: 'unlock' })}
          />
        </Gate>
      );
  }
}
