import type { UserApi } from '../api/user';
import type { AuthConfig, Me, Nonce } from '../api/userTypes';
import type { SignIn, SignInStep } from '../clientTypes';
import { CoolChatError, LocalCodes } from '../errors';
import { Cell } from '../readable';
import { personalSign } from './address';
import { newKey, readKey } from './keys';
import type { Session } from './session';
import { siweMessage } from './siwe';
import type { RecoveryKey } from './types';
import type { Vault } from './vault';
import type { Wallets } from './wallets';

export interface SignInOptions {
  readonly api: UserApi;
  readonly session: Session;
  readonly vault: Vault;
  readonly wallets: Wallets;
  /** Where this page lives: it stands in the signed message. */
  readonly origin: () => URL;
}

interface Signer {
  readonly address: string;
  readonly chainId?: number;
  readonly sign: (message: string) => Promise<string> | string;
}

/** Signing in with a wallet or with the key of this device (EIP-4361). */
export class SignInFlow implements SignIn {
  readonly wallets: SignIn['wallets'];
  readonly deviceKey: SignIn['deviceKey'];
  readonly step = new Cell<SignInStep>({ step: 'idle' });
  readonly #options: SignInOptions;
  #turn = 0;

  constructor(options: SignInOptions) {
    this.#options = options;
    this.wallets = options.wallets.list;
    this.deviceKey = options.vault.info;
  }

  config(): Promise<AuthConfig> {
    return this.#options.api.config();
  }

  withWallet(walletId: string, invite?: string): Promise<Me> {
    return this.#run(invite, async () => this.#walletSigner(walletId));
  }

  withDeviceKey(passphrase?: string, invite?: string): Promise<Me> {
    return this.#run(invite, async () => {
      const { address, privateKey } = await this.#options.vault.unlock(passphrase);
      return { address, sign: message => personalSign(message, privateKey) };
    });
  }

  /** The message and signature that prove a further wallet. */
  async proveWallet(walletId: string): Promise<{ readonly message: string; readonly signature: string }> {
    const signer = await this.#walletSigner(walletId);
    const message = await this.#message(signer, this.#options.api.linkNonce());
    return { message, signature: await signer.sign(message) };
  }

  /** Signs the same person in again without asking them: with the key of this device, if it is theirs and needs no passphrase. */
  async again(me: Me): Promise<boolean> {
    const key = this.deviceKey.get();
    if (!key || key.protected || !me.wallets.some(wallet => wallet.address === key.address)) return false;
    const { address, privateKey } = await this.#options.vault.unlock();
    const message = await this.#message({ address, sign: text => personalSign(text, privateKey) }, this.#options.api.nonce());
    await this.#options.session.verify(message, personalSign(message, privateKey));
    return true;
  }

  newKey(): RecoveryKey {
    return newKey();
  }

  readKey(wordsOrPrivateKey: string): RecoveryKey {
    return readKey(wordsOrPrivateKey);
  }

  keepKey(key: RecoveryKey, passphrase?: string): Promise<void> {
    return this.#options.vault.keep(key, passphrase);
  }

  forgetKey(): Promise<void> {
    return this.#options.vault.forget();
  }

  async revealWords(passphrase?: string): Promise<string | undefined> {
    return (await this.#options.vault.unlock(passphrase)).words;
  }

  cancel(): void {
    this.#turn++;
    this.step.set({ step: 'idle' });
  }

  async #run(invite: string | undefined, signerOf: () => Promise<Signer>): Promise<Me> {
    const turn = ++this.#turn;
    const stillWanted = () => {
      if (turn !== this.#turn) throw new CoolChatError({ code: LocalCodes.aborted, detail: 'Cancelled.' });
    };
    try {
      this.step.set({ step: 'preparing' });
      const signer = await signerOf();
      const message = await this.#message(signer, this.#options.api.nonce());
      stillWanted();
      this.step.set({ step: 'signing', address: signer.address, message });
      const signature = await signer.sign(message);
      stillWanted();
      this.step.set({ step: 'verifying', address: signer.address });
      const device = invite === undefined ? {} : { invite };
      return (await this.#options.session.verify(message, signature, device)).user;
    } finally {
      if (turn === this.#turn) this.step.set({ step: 'idle' });
    }
  }

  async #walletSigner(walletId: string): Promise<Signer> {
    const { address, chainId } = await this.#options.wallets.connect(walletId);
    return { address, chainId, sign: message => this.#options.wallets.sign(walletId, message, address) };
  }

  async #message({ address, chainId }: Signer, issued: Promise<Nonce>): Promise<string> {
    const [config, nonce] = await Promise.all([this.#options.api.config(), issued]);
    const { host, origin } = this.#options.origin();
    // Ordinary wallets sign the same on every chain; one on a chain that the server does not take signs for its first.
    const chain = chainId !== undefined && config.chainIds.includes(chainId) ? chainId : (config.chainIds[0] ?? 1);
    return siweMessage({
      domain: host,
      address,
      statement: config.statement,
      uri: origin,
      chainId: chain,
      nonce: nonce.nonce,
      issuedAt: new Date(),
      expirationTime: new Date(nonce.expiresAt),
    });
  }
}
