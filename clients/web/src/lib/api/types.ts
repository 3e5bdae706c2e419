/**
 * The wire types of the chat service, as services/contracts defines them: camelCase, absent instead of null, times in UTC ISO 8601,
 * ids as lower-case UUIDs.
 */

export type Uuid = string;
export type IsoTime = string;

export type ConversationKind = 'direct' | 'group' | 'channel';
export type Role = 'owner' | 'admin' | 'member';
export type HistoryVisibility = 'shared' | 'joined';
export type ContentType = 'text' | 'image' | 'video' | 'audio' | 'voice' | 'file' | 'poll' | 'encrypted';

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

export interface Attachment {
  readonly mediaId: Uuid;
  readonly fileName?: string;
  readonly contentType?: string;
  readonly size?: number;
  readonly width?: number;
  readonly height?: number;
  readonly durationMs?: number;
  readonly alt?: string;
}

export interface Poll {
  readonly question: string;
  readonly options: readonly string[];
  readonly multiple?: boolean;
  readonly closesAt?: IsoTime;
}

export interface Content {
  readonly type: ContentType;
  readonly text?: string;
  readonly attachments?: readonly Attachment[];
  readonly poll?: Poll;
  readonly scheme?: string;
  readonly ciphertext?: string;
}

export interface Mentions {
  readonly users?: readonly Uuid[];
  readonly everyone?: boolean;
}

export interface ForwardedFrom {
  readonly conversationId: Uuid;
  readonly messageId: Uuid;
  readonly sender?: Uuid;
}

/** What conversation.change sets: an absent field stays, an empty string or 0 clears it. */
export interface ConversationChanges {
  readonly title?: string;
  readonly topic?: string;
  /** mediaId; the nil UUID clears it. */
  readonly picture?: Uuid;
  readonly historyVisibility?: HistoryVisibility;
  readonly listed?: boolean;
  /** Seconds that new messages live. */
  readonly expiresAfter?: number;
  /** Seconds a member waits between two messages. */
  readonly slowMode?: number;
}

interface CommandBase {
  /** UUIDv7: idempotency key, unique in its conversation; for message.send also the messageId. */
  readonly commandId: Uuid;
  readonly conversationId: Uuid;
  readonly expectedSeq?: number;
}

export interface SendMessage extends CommandBase {
  readonly type: 'message.send';
  readonly content: Content;
  readonly replyTo?: Uuid;
  readonly thread?: Uuid;
  readonly mentions?: Mentions;
  readonly forwardedFrom?: ForwardedFrom;
  readonly scheduledFor?: IsoTime;
  /** Seconds. */
  readonly expiresAfter?: number;
}

export interface EditMessage extends CommandBase {
  readonly type: 'message.edit';
  readonly messageId: Uuid;
  readonly content: Content;
  readonly mentions?: Mentions;
}

export type Command =
  | SendMessage
  | EditMessage
  | (CommandBase & { readonly type: 'message.delete' | 'message.pin' | 'message.unpin' | 'poll.close'; readonly messageId: Uuid })
  | (CommandBase & { readonly type: 'reaction.add' | 'reaction.remove'; readonly messageId: Uuid; readonly key: string })
  | (CommandBase & { readonly type: 'poll.vote'; readonly messageId: Uuid; readonly options: readonly number[] })
  | (CommandBase & { readonly type: 'member.add'; readonly members: readonly string[]; readonly role?: Role })
  | (CommandBase & { readonly type: 'member.remove'; readonly userId: Uuid })
  | (CommandBase & { readonly type: 'member.role'; readonly userId: Uuid; readonly role: Role })
  | (CommandBase & { readonly type: 'member.leave' })
  | (CommandBase & { readonly type: 'member.join'; readonly invite?: string })
  | (CommandBase & { readonly type: 'conversation.change'; readonly changes: ConversationChanges });

export interface WireError {
  readonly code: string;
  readonly detail: string;
  readonly field?: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

export interface CommandResult {
  readonly ok: boolean;
  /** appended: in the log under seq. accepted: durable, the outcome follows. scheduled: kept for its time. */
  readonly status?: 'appended' | 'accepted' | 'scheduled' | 'rejected';
  readonly commandId?: Uuid;
  readonly seq?: number;
  readonly at?: IsoTime;
  readonly error?: WireError;
}

/** An entry of a conversation's log. `type` and `body` stay open: newer servers may send types this client does not know. */
export interface ChatEvent {
  readonly conversationId: Uuid;
  readonly epoch: Uuid;
  readonly seq: number;
  readonly type: string;
  readonly at: IsoTime;
  readonly sender: Uuid;
  readonly deviceId?: Uuid;
  readonly commandId: Uuid;
  readonly messageId?: Uuid;
  readonly ordinal?: number;
  /** base64url of 32 bytes. */
  readonly prevHash: string;
  readonly bodyHash: string;
  readonly salt?: string;
  readonly body?: unknown;
  readonly redacted?: boolean;
  readonly critical?: boolean;
}

export interface MessageBody {
  readonly messageId?: Uuid;
  readonly content: Content;
  readonly replyTo?: Uuid;
  readonly thread?: Uuid;
  readonly mentions?: Mentions;
  readonly forwardedFrom?: ForwardedFrom;
  readonly expiresAt?: IsoTime;
}

export interface Member {
  readonly userId: Uuid;
  readonly role: Role;
}

export interface ReactionCount {
  readonly key: string;
  readonly count: number;
  readonly mine: boolean;
}

export interface ThreadSummary {
  readonly count: number;
  readonly lastSeq: number;
  readonly lastAt: IsoTime;
  readonly participants: readonly Uuid[];
}

export interface PollResult {
  readonly counts: readonly number[];
  readonly voters: number;
  readonly mine?: readonly number[];
  readonly closed?: boolean;
}

/** A message as it is now. */
export interface MessageView {
  readonly messageId: Uuid;
  readonly conversationId: Uuid;
  readonly seq: number;
  readonly ordinal: number;
  readonly sender: Uuid;
  readonly at: IsoTime;
  /** Absent when deleted or erased. */
  readonly content?: Content;
  readonly replyTo?: Uuid;
  readonly thread?: Uuid;
  readonly mentions?: Mentions;
  readonly forwardedFrom?: ForwardedFrom;
  readonly expiresAt?: IsoTime;
  readonly editedAt?: IsoTime;
  readonly edits?: number;
  /** Why there is no content: author, moderator, expired, erased. */
  readonly deleted?: string;
  readonly reactions?: readonly ReactionCount[];
  readonly pinned?: boolean;
  readonly replies?: ThreadSummary;
  readonly poll?: PollResult;
}

export interface ReceiptMark {
  readonly userId: Uuid;
  readonly deliveredSeq: number;
  readonly readSeq: number;
}

/** What a person sets for a conversation for themself. */
export interface MemberPreferences {
  readonly mutedUntil?: IsoTime;
  readonly archived?: boolean;
  readonly favourite?: boolean;
  readonly markedUnread?: boolean;
  readonly draft?: string;
}

/** A conversation as one member sees it. */
export interface ConversationView {
  readonly id: Uuid;
  readonly kind: ConversationKind;
  readonly epoch: Uuid;
  readonly title?: string;
  readonly topic?: string;
  readonly picture?: Uuid;
  /** All members while there are at most 50. */
  readonly members?: readonly Member[];
  readonly memberCount: number;
  /** Absent for a channel one has not joined. */
  readonly role?: Role;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly lastOrdinal: number;
  readonly readSeq: number;
  readonly unread: number;
  readonly mentions: number;
  readonly markedUnread?: boolean;
  readonly membershipVersion: number;
  readonly historyVisibility: HistoryVisibility;
  readonly listed?: boolean;
  readonly expiresAfter?: number;
  readonly slowMode?: number;
  readonly updatedAt: IsoTime;
  readonly lastMessage?: MessageView;
  readonly preferences?: MemberPreferences;
  /** direct: how far the other one has received; groups up to 50: how far members have read. */
  readonly receipts?: readonly ReceiptMark[];
  /** No longer a member: forget it. */
  readonly removed?: boolean;
}

export interface MessagePage {
  /** Ascending by seq. */
  readonly items: readonly MessageView[];
  /** The items include every event up to this seq. */
  readonly upTo: number;
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
}

export interface EventPage {
  readonly events: readonly ChatEvent[];
  readonly hasMore: boolean;
}

export interface SyncPage {
  readonly since: string;
  readonly conversations: readonly ConversationView[];
  readonly hasMore: boolean;
}

export interface CreateConversation {
  readonly commandId: Uuid;
  readonly kind: ConversationKind;
  /** userIds or addresses besides oneself; direct: one, or oneself for notes. */
  readonly members?: readonly string[];
  readonly title?: string;
  readonly topic?: string;
  readonly historyVisibility?: HistoryVisibility;
  readonly listed?: boolean;
}

export interface Invite {
  readonly inviteId: Uuid;
  readonly code?: string;
  readonly conversationId: Uuid;
  readonly kind?: ConversationKind;
  readonly title?: string;
  readonly memberCount?: number;
  readonly createdBy: Uuid;
  readonly expiresAt: IsoTime;
  readonly maxUses?: number;
  readonly uses: number;
}

export interface MessageEdit {
  readonly seq: number;
  readonly at: IsoTime;
  readonly content?: Content;
}

export interface ScheduledMessage {
  readonly commandId: Uuid;
  readonly conversationId: Uuid;
  readonly scheduledFor: IsoTime;
  readonly content: Content;
}

export interface SearchHit {
  readonly message: MessageView;
  readonly snippet: string;
  /** Pairs of start and length in UTF-16 units. */
  readonly highlights: readonly number[];
}
