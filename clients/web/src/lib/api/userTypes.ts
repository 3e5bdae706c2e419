/** Wire types of the user service, as services/contracts defines them. */
import type { IsoTime, Uuid } from './types';

export interface UserLimits {
  readonly displayNameGraphemes: number;
  readonly bioGraphemes: number;
  readonly statusGraphemes: number;
  readonly profilesPerRequest: number;
  readonly wallets: number;
  readonly contacts: number;
  readonly blocks: number;
}

/** What a client needs before somebody signs in. */
export interface AuthConfig {
  readonly serverName: string;
  /** The line to put into the message that one signs. */
  readonly statement: string;
  readonly origins: readonly string[];
  /** EIP-155 chains that are accepted; the first is the one to use. */
  readonly chainIds: readonly number[];
  readonly registration: 'open' | 'invite' | 'closed';
  /** The server has no owner yet. */
  readonly unclaimed?: boolean;
  readonly limits: UserLimits;
}

export interface Nonce {
  readonly nonce: string;
  readonly expiresAt: IsoTime;
}

export interface ProfileStatus {
  readonly text?: string;
  readonly emoji?: string;
  readonly until?: IsoTime;
}

export interface Profile {
  readonly userId: Uuid;
  /** EIP-55; the zero address for a deleted account. */
  readonly address: string;
  /** CAIP-2 chain that the primary address is pinned to. */
  readonly chain?: string;
  readonly displayName?: string;
  readonly bio?: string;
  readonly status?: ProfileStatus;
  /** BCP 47. */
  readonly language?: string;
  /** IANA. */
  readonly timeZone?: string;
  /** mediaId. */
  readonly avatar?: Uuid;
  readonly deleted?: boolean;
  /** The address has never signed in; messages wait for it. */
  readonly waiting?: boolean;
}

export interface LinkedWallet {
  readonly address: string;
  readonly chain?: string;
  readonly primary: boolean;
  readonly linkedAt: IsoTime;
}

export interface Me extends Profile {
  readonly wallets: readonly LinkedWallet[];
  readonly createdAt: IsoTime;
  readonly serverRole?: 'owner' | 'admin';
}

/** An absent field stays, an empty string clears it; a status without text and emoji clears the status. */
export interface ProfileChanges {
  readonly displayName?: string;
  readonly bio?: string;
  readonly status?: ProfileStatus;
  readonly language?: string;
  readonly timeZone?: string;
  readonly avatar?: string;
}

/** About the device that signs in. */
export interface DeviceInfo {
  /** Its name in the list of sessions; absent: browser and system from the User-Agent. */
  readonly name?: string;
  /** The refresh token goes into an HttpOnly cookie instead of the answer. */
  readonly cookie?: boolean;
  /** Where registration needs one. */
  readonly invite?: string;
}

export interface AuthResult {
  readonly accessToken: string;
  readonly expiresAt: IsoTime;
  /** Absent in cookie mode. */
  readonly refreshToken?: string;
  readonly user: Me;
}

/** A signed-in device. */
export interface DeviceSession {
  readonly id: Uuid;
  readonly device: string;
  readonly address: string;
  readonly createdAt: IsoTime;
  readonly lastSeenAt: IsoTime;
  readonly current: boolean;
}

/** An entry of the contacts or of the blocked people. */
export interface Relation {
  readonly user: Profile;
  readonly since: IsoTime;
}

/** An invite to register on this server. */
export interface RegistrationInvite {
  readonly id: Uuid;
  /** Told once, when it is made. */
  readonly code?: string;
  readonly createdBy: Uuid;
  readonly expiresAt: IsoTime;
  readonly maxUses: number;
  readonly uses: number;
}
