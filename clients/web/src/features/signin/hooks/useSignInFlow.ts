import { useState } from 'react';
import { pendingClaim } from '../../claim/hooks/useClaim';
import { LocalCodes, toFailure, useSignIn, type Failure, type RecoveryKey, type WalletInfo } from '../../../lib';

/** Plain sentences for the ways signing in can end; the server's own words for the rest. */
export function problemWords(failure: Failure): string {
  switch (failure.code) {
    case LocalCodes.walletDeclined:
      return 'Your wallet declined. Nothing was signed.';
    case LocalCodes.unreachable:
      return 'The server can’t be reached. Look at your connection, then try again.';
    case LocalCodes.wrongPassphrase:
      return 'That passphrase doesn’t open this key.';
    case LocalCodes.badWords:
      return 'These are not twelve recovery words. Look for a misspelt or missing one.';
    case LocalCodes.badKey:
      return 'This is neither recovery words nor a private key of 64 digits.';
    case 'invite_needed':
      return 'This server lets new people in by invite only. Put in the code that you were given.';
    case 'invite_ended':
      return 'This invite code isn’t valid any more: it expired, was used up or is misspelt.';
    case 'registration_closed':
      return 'This server takes no new people at the moment.';
    default:
      return failure.detail;
  }
}

/** Signing in as one task at a time: which wallet is asked, what goes on, and what went wrong. */
export function useSignInFlow() {
  const { wallets, deviceKey, step, actions } = useSignIn();
  const [wallet, setWallet] = useState<WalletInfo>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [invite, setInvite] = useState('');
  const code = invite.trim() || pendingClaim();

  const run = async (work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await work();
      return true;
    } catch (error) {
      const now = toFailure(error);
      if (now.code !== LocalCodes.aborted) setFailure(now);
      return false;
    } finally {
      setBusy(false);
    }
  };

  return {
    wallets,
    deviceKey,
    step,
    actions,
    wallet,
    busy,
    failure,
    problem: failure && problemWords(failure),
    invite,
    setInvite,
    /** Whether the last try failed for want of an invite. */
    inviteAsked: failure?.code === 'invite_needed' || failure?.code === 'invite_ended',
    withWallet: (info: WalletInfo) => {
      setWallet(info);
      void run(() => actions.withWallet(info.id, code));
    },
    withDeviceKey: (passphrase?: string) => void run(() => actions.withDeviceKey(passphrase, code)),
    keepAndEnter: (key: RecoveryKey, passphrase?: string) =>
      void run(async () => {
        await actions.keepKey(key, passphrase);
        await actions.withDeviceKey(passphrase, code);
      }),
    reset: () => {
      actions.cancel();
      setWallet(undefined);
      setFailure(undefined);
    },
  };
}

export type SignInFlow = ReturnType<typeof useSignInFlow>;
