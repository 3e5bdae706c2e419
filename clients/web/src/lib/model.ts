/** What the user interface sees: immutable snapshots with structural sharing. An unchanged part keeps its identity. */
import type { Limits } from './api/hubTypes';
import type { Me } from './api/userTypes';
import type { Content, ConversationView, ForwardedFrom, IsoTime, Member, Mentions, MessageView, Role, Uuid } from './api/types';

/** A refusal or failure in a form that can be shown. `code` is stable; `detail` is a sentence from the server, in its language. */
export interface Failure {
  readonly code: string;
  readonly detail: string;
  readonly field?: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

export type SessionState =
  | { readonly status: 'starting' }
  | { readonly status: 'signedOut'; readonly reason?: 'signedOut' | 'revoked' | 'expired' | 'restored' }
  /** The server could not be reached while the session was being restored; it is tried again by itself. */
  | { readonly status: 'unreachable'; readonly failure: Failure }
  | { readonly status: 'signedIn'; readonly user: Me };

export type ConnectionState =
  | { readonly status: 'offline' }
  | { readonly status: 'connecting' }
  /** `caughtUp` is false while what was missed is being fetched; `missed` counts the messages of the last catching up. */
  | { readonly status: 'online'; readonly caughtUp: boolean; readonly missed: number }
  | { readonly status: 'reconnecting'; readonly retryAt: number; readonly reason?: 'asked' | 'lost' }
  /** Ended by the server; it does not come back by itself. */
  | { readonly status: 'closed'; readonly code: string };

export interface ConnectionInfo {
  readonly state: ConnectionState;
  readonly limits: Limits;
  readonly features: readonly string[];
  /** The server's clock minus this device's, in milliseconds. */
  readonly clockOffset: number;
  /** Commands that wait to be sent. */
  readonly waiting: number;
  /** An event came that this version must not ignore and does not know. */
  readonly updateNeeded: boolean;
}

export type SendState = 'waiting' | 'sending' | 'stored' | 'delivered' | 'read' | 'failed';

/**
 * How far an own message is, by facts from the server only. waiting: no connection. sending: under way. stored: in the log.
 * delivered: direct, on a device of theirs; group, read by some. read: by the other one, by everybody.
 */
export interface SendStatus {
  readonly state: SendState;
  readonly readBy?: number;
  readonly of?: number;
  readonly failure?: Failure;
}

/** Changes by this person that the server has not confirmed yet; what `message` says is confirmed. */
export interface PendingChanges {
  readonly edit?: Content;
  readonly deleted?: boolean;
  readonly pinned?: boolean;
  readonly vote?: readonly number[];
  readonly reactions?: readonly { readonly key: string; readonly add: boolean }[];
}

export interface MessageItem {
  readonly kind: 'message';
  readonly key: Uuid;
  /** For a message that is not in the log yet: what was asked for, with seq and ordinal 0. */
  readonly message: MessageView;
  readonly mine: boolean;
  /** Own messages only. */
  readonly send?: SendStatus;
  readonly pending?: PendingChanges;
  /** This part of the history does not match its proof. */
  readonly broken?: boolean;
}

export type SystemChange =
  | { readonly type: 'created' }
  | { readonly type: 'added'; readonly members: readonly Member[]; readonly via: string }
  | { readonly type: 'left'; readonly userId: Uuid }
  | { readonly type: 'removed'; readonly userId: Uuid }
  | { readonly type: 'role'; readonly userId: Uuid; readonly role: Role }
  | { readonly type: 'title'; readonly title: string }
  | { readonly type: 'topic'; readonly topic: string }
  | { readonly type: 'picture' }
  | { readonly type: 'settings' }
  | { readonly type: 'pinned' | 'unpinned'; readonly messageId: Uuid }
  /** A critical event of a type this version does not know. */
  | { readonly type: 'unknown'; readonly eventType: string };

/** A line in the timeline about something other than a message. */
export interface SystemItem {
  readonly kind: 'system';
  readonly key: string;
  readonly seq: number;
  readonly at: IsoTime;
  readonly sender: Uuid;
  readonly change: SystemChange;
  readonly broken?: boolean;
}

export type TimelineItem = MessageItem | SystemItem;

/** A conversation for the list. */
export interface ConversationItem extends ConversationView {
  /** The other person of a direct conversation; oneself for notes to self. */
  readonly peer?: Uuid;
  readonly muted: boolean;
  readonly archived: boolean;
  readonly favourite: boolean;
  readonly draft: string;
  /** Who types there now, without oneself. */
  readonly typing: readonly Uuid[];
  /** State of the last own message while it is not in the log, so that the list can show it. */
  readonly outgoing?: MessageItem;
  readonly failed: number;
}

export interface ConversationList {
  /** False until the first answer of the server: show a skeleton. */
  readonly loaded: boolean;
  /** Newest activity first. */
  readonly items: readonly ConversationItem[];
  /** Sums over what is neither muted nor archived. */
  readonly unread: number;
  readonly mentions: number;
}

export interface Timeline {
  readonly status: 'loading' | 'ready' | 'missing' | 'failed';
  readonly failure?: Failure;
  /** Ascending; own messages that are not in the log yet stand at the end while the window reaches the end. */
  readonly items: readonly TimelineItem[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  readonly loadingOlder: boolean;
  readonly loadingNewer: boolean;
  /** Countable messages past the window's end that arrived since it was loaded. */
  readonly newerCount: number;
  /** Seq of the read mark when the conversation was opened: the new-messages line stands after it, once per visit. */
  readonly readSeqAtOpen: number;
  /** Seqs whose events do not match the hash chain. */
  readonly broken: readonly number[];
}

export interface Draft {
  readonly content: Content;
  readonly replyTo?: Uuid;
  readonly thread?: Uuid;
  readonly mentions?: Mentions;
  readonly forwardedFrom?: ForwardedFrom;
  /** Send at this time instead of now. */
  readonly scheduledFor?: IsoTime;
  /** Seconds. */
  readonly expiresAfter?: number;
}

export interface Presence {
  readonly status: 'online' | 'offline' | 'unknown';
  readonly lastSeen?: IsoTime;
}

export interface UploadState {
  readonly id: string;
  readonly fileName: string;
  readonly size: number;
  readonly sent: number;
  readonly status: 'queued' | 'uploading' | 'paused' | 'finishing' | 'done' | 'failed' | 'cancelled';
  /** Once done. */
  readonly mediaId?: Uuid;
  readonly failure?: Failure;
}
