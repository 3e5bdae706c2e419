import { toHex, utf8 } from '../bytes';
import { CoolChatError, LocalCodes } from '../errors';
import { Cell } from '../readable';
import { checksumAddress } from './address';
import type { WalletInfo } from './types';

/** EIP-1193. */
export interface WalletProvider {
  request(args: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
}

interface Announcement {
  readonly info: { readonly uuid: string; readonly name: string; readonly icon: string; readonly rdns: string };
  readonly provider: WalletProvider;
}

/** Codes of EIP-1193 and of JSON-RPC as wallets use it. */
const USER_REJECTED = 4001;
const UNAUTHORIZED = 4100;
const ALREADY_PENDING = -32002;

/** The injected wallets that announce themselves by EIP-6963. */
export class Wallets {
  readonly list = new Cell<readonly WalletInfo[]>([]);
  readonly #providers = new Map<string, WalletProvider>();

  /** Listens and asks; wallets answer at once, or whenever they are loaded. */
  watch(): () => void {
    if (typeof window === 'undefined') return () => undefined;
    const announced = (event: Event) => this.#add((event as CustomEvent<Announcement>).detail);
    window.addEventListener('eip6963:announceProvider', announced);
    window.dispatchEvent(new Event('eip6963:requestProvider'));
    return () => window.removeEventListener('eip6963:announceProvider', announced);
  }

  /** Asks the wallet for an account and its chain. */
  async connect(walletId: string): Promise<{ readonly address: string; readonly chainId: number }> {
    const provider = this.#provider(walletId);
    const accounts = await call(provider, 'eth_requestAccounts');
    const account: unknown = Array.isArray(accounts) ? accounts[0] : undefined;
    const chain = await call(provider, 'eth_chainId');
    const chainId = typeof chain === 'string' ? Number.parseInt(chain, 16) : Number(chain);
    if (typeof account !== 'string' || !Number.isSafeInteger(chainId)) {
      throw new CoolChatError({ code: LocalCodes.walletFailed, detail: 'The wallet gave no account.' });
    }
    return { address: checksumAddress(account), chainId };
  }

  async sign(walletId: string, message: string, address: string): Promise<string> {
    const signature = await call(this.#provider(walletId), 'personal_sign', [`0x${toHex(utf8(message))}`, address]);
    if (typeof signature !== 'string') throw new CoolChatError({ code: LocalCodes.walletFailed, detail: 'The wallet gave no signature.' });
    return signature;
  }

  #add(announcement: Announcement | undefined): void {
    const info = announcement?.info;
    if (!info || typeof info.uuid !== 'string' || typeof announcement.provider?.request !== 'function') return;
    this.#providers.set(info.uuid, announcement.provider);
    // An icon is shown in an <img>; anything but a data: address would be a request to somebody else's server.
    const icon = typeof info.icon === 'string' && info.icon.startsWith('data:image/') ? info.icon : '';
    const wallet = { id: info.uuid, name: String(info.name).slice(0, 60), icon, rdns: String(info.rdns) };
    this.list.set([...this.list.get().filter(known => known.id !== wallet.id), wallet]);
  }

  #provider(walletId: string): WalletProvider {
    const provider = this.#providers.get(walletId);
    if (!provider) throw new CoolChatError({ code: LocalCodes.walletFailed, detail: 'This wallet is not there any more.' });
    return provider;
  }
}

async function call(provider: WalletProvider, method: string, params: readonly unknown[] = []): Promise<unknown> {
  try {
    return await provider.request({ method, params });
  } catch (error) {
    const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as { code?: number; message?: string };
    if (code === USER_REJECTED || code === UNAUTHORIZED) {
      throw new CoolChatError({ code: LocalCodes.walletDeclined, detail: 'Your wallet declined. Nothing was signed.' }, { cause: error });
    }
    const detail = code === ALREADY_PENDING ? 'Your wallet is already asking. Look for its window.' : (message ?? 'The wallet failed.');
    throw new CoolChatError({ code: LocalCodes.walletFailed, detail }, { cause: error });
  }
}
