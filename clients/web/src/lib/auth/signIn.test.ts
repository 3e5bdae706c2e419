import { afterEach, describe, expect, it, vi } from 'vitest';
import type { UserApi } from '../api/user';
import type { AuthConfig, Me } from '../api/userTypes';
import { Cell } from '../readable';
import { personalSign, recoverSigner } from './address';
import { newKey } from './keys';
import type { Session } from './session';
import type { DeviceKeyInfo } from './types';
import { SignInFlow } from './signIn';
import type { Vault } from './vault';
import { Wallets, type WalletProvider } from './wallets';

const key = newKey();
const NONCE = 'k7Qm2xVd81';

/** An injected wallet, as EIP-6963 has it announce itself. */
function inject(request: WalletProvider['request'], name = 'Test wallet') {
  const detail = { info: { uuid: crypto.randomUUID(), name, icon: 'data:image/svg+xml,x', rdns: 'example.test' }, provider: { request } };
  const announce = () => void window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }));
  window.addEventListener('eip6963:requestProvider', announce);
  stops.push(() => window.removeEventListener('eip6963:requestProvider', announce));
  return detail.info.uuid;
}

const stops: (() => void)[] = [];

const answers: WalletProvider['request'] = ({ method, params }) => {
  if (method === 'eth_requestAccounts') return Promise.resolve([key.address.toLowerCase()]);
  if (method === 'eth_chainId') return Promise.resolve('0x89');
  const hex = (params?.[0] as string).slice(2);
  const message = new TextDecoder().decode(Uint8Array.from(hex.match(/../g) ?? [], byte => Number.parseInt(byte, 16)));
  return Promise.resolve(personalSign(message, key.privateKey));
};

function setUp(chainIds: readonly number[] = [1]) {
  const config = {
    serverName: 'Harbour Lab',
    statement: 'Sign in to Harbour Lab.',
    chainIds,
    registration: 'open',
  } as unknown as AuthConfig;
  const api = {
    config: () => Promise.resolve(config),
    nonce: () => Promise.resolve({ nonce: NONCE, expiresAt: '2100-01-01T00:00:00.000Z' }),
  };
  const verify = vi.fn((message: string, signature: string) =>
    Promise.resolve({
      accessToken: '',
      expiresAt: '',
      user: { userId: recoverSigner(message, signature), address: '', wallets: [], createdAt: '' },
    }),
  );
  const wallets = new Wallets();
  const vault = { info: new Cell<DeviceKeyInfo | undefined>(undefined), unlock: () => Promise.resolve(key) };
  const flow = new SignInFlow({
    api: api as unknown as UserApi,
    session: { verify } as unknown as Session,
    vault: vault as unknown as Vault,
    wallets,
    origin: () => new URL('https://harbour.example:8443/app'),
  });
  stops.push(wallets.watch());
  return { flow, verify, wallets, vault };
}

describe('SignInFlow', () => {
  afterEach(() => stops.splice(0).forEach(stop => stop()));

  it('withWallet_Announced_SignsTheMessageThatIsShown', async () => {
    const id = inject(answers);
    const { flow, verify } = setUp();
    expect(flow.wallets.get()).toMatchObject([{ id, name: 'Test wallet', rdns: 'example.test' }]);
    const shown: string[] = [];
    flow.step.subscribe(() => {
      const step = flow.step.get();
      if (step.step === 'signing') shown.push(step.message);
    });
    expect((await flow.withWallet(id)).userId).toBe(key.address);
    const message = verify.mock.calls[0]?.[0] ?? '';
    expect(shown).toEqual([message]);
    expect(message.split('\n').slice(0, 8)).toEqual([
      'harbour.example:8443 wants you to sign in with your Ethereum account:',
      key.address,
      '',
      'Sign in to Harbour Lab.',
      '',
      'URI: https://harbour.example:8443',
      'Version: 1',
      'Chain ID: 1',
    ]);
    expect(message).toContain(`Nonce: ${NONCE}`);
    expect(flow.step.get()).toEqual({ step: 'idle' });
  });

  it('withWallet_OnAChainThatTheServerTakes_NamesThatChain', async () => {
    const id = inject(answers);
    const { flow, verify } = setUp([1, 137]);
    await flow.withWallet(id);
    expect(verify.mock.calls[0]?.[0]).toContain('Chain ID: 137');
  });

  it('withWallet_Declined_SaysThatNothingWasSigned', async () => {
    const id = inject(request =>
      request.method === 'personal_sign' ? Promise.reject(Object.assign(new Error('no'), { code: 4001 })) : answers(request),
    );
    const { flow, verify } = setUp();
    await expect(flow.withWallet(id)).rejects.toMatchObject({ code: 'wallet_declined' });
    expect(verify).not.toHaveBeenCalled();
    expect(flow.step.get()).toEqual({ step: 'idle' });
  });

  it('cancel_WhileTheWalletAsks_IgnoresTheLateSignature', async () => {
    let sign: (signature: string) => void = () => undefined;
    const id = inject(request => (request.method === 'personal_sign' ? new Promise(resolve => (sign = resolve)) : answers(request)));
    const { flow, verify } = setUp();
    const signingIn = flow.withWallet(id);
    await vi.waitFor(() => expect(flow.step.get().step).toBe('signing'));
    flow.cancel();
    sign('0x00');
    await expect(signingIn).rejects.toMatchObject({ code: 'aborted' });
    expect(verify).not.toHaveBeenCalled();
  });

  it('withDeviceKey_SignsWithThatKey', async () => {
    const { flow } = setUp();
    expect((await flow.withDeviceKey()).userId).toBe(key.address);
  });

  it('again_OwnUnprotectedKeyOfThisDevice_SignsWithoutAsking', async () => {
    const { flow, verify, vault } = setUp();
    const kept = { address: key.address, createdAt: '', hasWords: true, protected: false };
    const me = { userId: 'me', address: key.address, wallets: [{ address: key.address }], createdAt: '' } as unknown as Me;
    expect(await flow.again(me)).toBe(false);
    vault.info.set({ ...kept, protected: true });
    expect(await flow.again(me)).toBe(false);
    vault.info.set(kept);
    expect(await flow.again({ ...me, wallets: [] })).toBe(false);
    expect(verify).not.toHaveBeenCalled();
    expect(await flow.again(me)).toBe(true);
    const [message, signature] = verify.mock.calls[0] ?? ['', ''];
    expect(recoverSigner(message, signature)).toBe(key.address);
    expect(flow.step.get()).toEqual({ step: 'idle' });
  });

  it('watch_IconFromAnotherServer_IsNotKept', () => {
    const { wallets } = setUp();
    const info = { uuid: 'u', name: 'W', icon: 'https://tracker.example/x.png', rdns: 'r' };
    window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: { info, provider: { request: answers } } }));
    expect(wallets.list.get().find(wallet => wallet.id === 'u')?.icon).toBe('');
  });
});
