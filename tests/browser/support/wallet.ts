import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { BrowserContext } from '@playwright/test';

/** An ordinary wallet with a key of its own. */
export class TestWallet {
  readonly #key = secp256k1.utils.randomSecretKey();
  readonly address = checksum(bytesToHex(keccak_256(secp256k1.getPublicKey(this.#key, false).slice(1)).slice(-20)));
  /** The next request to sign is declined. */
  declines = false;

  /** EIP-191 over the bytes that the page hands over. */
  sign(data: string): string {
    const message = data.startsWith('0x') ? hexToBytes(data.slice(2)) : utf8ToBytes(data);
    const digest = keccak_256(concatBytes(utf8ToBytes(`\x19Ethereum Signed Message:\n${message.length}`), message));
    const signature = secp256k1.sign(digest, this.#key, { prehash: false, format: 'recovered' });
    const recovery = (signature[0] ?? 0) + 27;
    return `0x${bytesToHex(signature.slice(1))}${recovery.toString(16)}`;
  }
}

function checksum(hex: string): string {
  const hash = bytesToHex(keccak_256(utf8ToBytes(hex)));
  return `0x${[...hex].map((digit, index) => (parseInt(hash[index] ?? '0', 16) >= 8 ? digit.toUpperCase() : digit)).join('')}`;
}

/** Makes the wallet announce itself (EIP-6963) in every page of the context. */
export async function installWallet(context: BrowserContext, wallet: TestWallet): Promise<void> {
  await context.exposeFunction('testWalletRequest', (method: string, params: readonly unknown[] = []) => {
    switch (method) {
      case 'eth_requestAccounts':
      case 'eth_accounts':
        return [wallet.address];
      case 'eth_chainId':
        return '0x1';
      case 'personal_sign':
        return wallet.declines ? null : wallet.sign(String(params[0]));
      default:
        throw new Error(`the test wallet does not know ${method}`);
    }
  });
  await context.addInitScript(() => {
    const ask = (globalThis as unknown as { testWalletRequest: (method: string, params?: readonly unknown[]) => Promise<unknown> }).testWalletRequest;
    const provider = {
      request: async ({ method, params }: { method: string; params?: readonly unknown[] }) => {
        const answer = await ask(method, params);
        if (answer === null) throw Object.assign(new Error('User rejected the request.'), { code: 4001 });
        return answer;
      },
      on: () => undefined,
      removeListener: () => undefined,
    };
    const icon = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><rect width="32" height="32" rx="8" fill="%230B6C70"/></svg>';
    const detail = Object.freeze({ info: Object.freeze({ uuid: crypto.randomUUID(), name: 'Test wallet', icon, rdns: 'example.testwallet' }), provider });
    const announce = () => window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }));
    window.addEventListener('eip6963:requestProvider', announce);
    announce();
  });
}
