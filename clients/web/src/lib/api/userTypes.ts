import type { IsoTime, Uuid } from './types';

/** Wire types of the user service. */

export interface AuthConfig {
  /** Name of the server, for the statement that one signs. */
  readonly serverName?: string;
  readonly statement?: string;
  readonly chainIds?: readonly number[];
  readonly registration: 'open' | 'invite' | 'closed';
}

export interface Nonce {
  readonly nonce: string;
  readonly expiresAt: IsoTime;
}

export interface Profile {
  readonly userId: Uuid;
  /** EIP-55. */
  readonly address: string;
  readonly displayName?: string;
  readonly bio?: string;
  readonly status?: string;
  readonly language?: string;
  readonly timeZone?: string;
  /** mediaId. */
  readonly avatar?: Uuid;
  readonly bot?: boolean;
  readonly deleted?: boolean;
}

export interface Me extends Profile {
  readonly wallets?: readonly LinkedWallet[];
  readonly createdAt?: IsoTime;
}

export interface LinkedWallet {
  readonly address: string;
  readonly chain?: string;
  readonly primary: boolean;
  readonly linkedAt?: IsoTime;
}

export interface ProfileChanges {
  readonly displayName?: string;
  readonly bio?: string;
  readonly status?: string;
  readonly language?: string;
  readonly timeZone?: string;
  readonly avatar?: Uuid;
}

export interface AuthResult {
  readonly accessToken: string;
  readonly expiresAt: IsoTime;
  /** Absent in cookie mode: the cookie carries it. */
  readonly refreshToken?: string;
  readonly user: Me;
}

/** A signed-in device. */
export interface DeviceSession {
  readonly id: Uuid;
  readonly device: string;
  readonly address?: string;
  readonly createdAt: IsoTime;
  readonly lastSeenAt?: IsoTime;
  readonly current: boolean;
}
