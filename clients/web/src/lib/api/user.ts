import type { Http } from './http';
import type { Page, Uuid } from './types';
import type { AuthConfig, DeviceSession, LinkedWallet, Me, Nonce, Profile, ProfileChanges, Relation } from './userTypes';

/** The user service over HTTP, signing in left out (see auth/authApi). */
export class UserApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  me(): Promise<Me> {
    return this.#http.get('/user/me');
  }

  update(changes: ProfileChanges): Promise<Me> {
    return this.#http.json('PATCH', '/user/me', { body: changes });
  }

  async exportData(): Promise<Blob> {
    const response = await this.#http.send('GET', '/user/me/export', { timeoutMs: 300_000, headers: { accept: 'application/zip' } });
    return response.blob();
  }

  /** `confirm` is one's own primary address. */
  deleteAccount(confirm: string, eraseMessages: boolean): Promise<unknown> {
    return this.#http.json('DELETE', '/user/me', { body: { confirm, eraseMessages } });
  }

  profiles(ids: readonly string[]): Promise<Page<Profile>> {
    return this.#http.get('/user/profiles', { query: { ids: ids.join(',') } });
  }

  profile(userIdOrAddress: string): Promise<Profile> {
    return this.#http.get(`/user/profiles/${encodeURIComponent(userIdOrAddress)}`);
  }

  search(query: string): Promise<Page<Profile>> {
    return this.#http.get('/user/search', { query: { q: query } });
  }

  contacts(): Promise<Page<Relation>> {
    return this.#http.get('/user/contacts');
  }

  setContact(id: Uuid, isContact: boolean): Promise<unknown> {
    return this.#http.json(isContact ? 'PUT' : 'DELETE', `/user/contacts/${id}`);
  }

  blocks(): Promise<Page<Relation>> {
    return this.#http.get('/user/blocks');
  }

  setBlocked(id: Uuid, isBlocked: boolean): Promise<unknown> {
    return this.#http.json(isBlocked ? 'PUT' : 'DELETE', `/user/blocks/${id}`);
  }

  sessions(): Promise<Page<DeviceSession>> {
    return this.#http.get('/user/sessions');
  }

  endSession(id: Uuid): Promise<unknown> {
    return this.#http.json('DELETE', `/user/sessions/${id}`);
  }

  endOtherSessions(): Promise<unknown> {
    return this.#http.json('DELETE', '/user/sessions');
  }

  linkWallet(message: string, signature: string): Promise<LinkedWallet> {
    return this.#http.post('/user/wallets', { message, signature });
  }

  makePrimary(address: string): Promise<unknown> {
    return this.#http.json('PATCH', `/user/wallets/${address}`, { body: { primary: true } });
  }

  unlinkWallet(address: string): Promise<unknown> {
    return this.#http.json('DELETE', `/user/wallets/${address}`);
  }

  claim(token: string): Promise<unknown> {
    return this.#http.post('/user/claim', { token });
  }

  config(): Promise<AuthConfig> {
    return this.#http.get('/user/auth/config', { signedIn: false });
  }

  nonce(): Promise<Nonce> {
    return this.#http.get('/user/auth/nonce', { signedIn: false });
  }

  /** For the message that links a wallet to this account. */
  linkNonce(): Promise<Nonce> {
    return this.#http.get('/user/auth/nonce?purpose=link');
  }
}
