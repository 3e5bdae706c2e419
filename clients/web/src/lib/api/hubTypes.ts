/** Wire types of the hub (/chat/hub). */
import type { IsoTime, ReceiptMark, Uuid, WireError } from './types';

/** What the server accepts, told by Hello. */
export interface Limits {
  readonly textBytes: number;
  readonly attachments: number;
  readonly titleChars: number;
  readonly topicChars: number;
  readonly members: number;
  readonly membersPerCommand: number;
  readonly mentions: number;
  readonly reactionBytes: number;
  readonly reactionsPerMessage: number;
  readonly pins: number;
  readonly watchPresence: number;
  readonly hubMessageBytes: number;
  readonly pageSize: number;
  readonly scheduled: number;
}

export interface HubReply {
  readonly ok: boolean;
  readonly error?: WireError;
}

export interface HelloReply extends HubReply {
  readonly serverTime?: IsoTime;
  readonly userId?: Uuid;
  readonly limits?: Limits;
  readonly features?: readonly string[];
}

export interface RejectedNotice {
  readonly commandId: Uuid;
  readonly conversationId: Uuid;
  readonly code: string;
  readonly detail: string;
}

export interface ReceiptsNotice {
  readonly conversationId: Uuid;
  readonly marks: readonly ReceiptMark[];
}

export interface TypingNotice {
  readonly conversationId: Uuid;
  readonly userId: Uuid;
}

export interface PresenceNotice {
  readonly userId: Uuid;
  readonly status: 'online' | 'offline';
  readonly lastSeen?: IsoTime;
}
