import type {
  Attachment,
  ConversationChanges,
  ConversationKind,
  HistoryVisibility,
  Invite,
  Member,
  MemberPreferences,
  MessageEdit,
  MessageView,
  Page,
  Role,
  ScheduledMessage,
  SearchHit,
  Uuid,
} from './api/types';
import type { AuthConfig, DeviceSession, Me, Profile, ProfileChanges } from './api/userTypes';
import type { DeviceKeyInfo, RecoveryKey, WalletInfo } from './auth/types';
import type {
  ConnectionInfo,
  ConversationItem,
  ConversationList,
  Draft,
  MessageItem,
  Presence,
  SessionState,
  Timeline,
  UploadState,
} from './model';
import type { Readable } from './readable';

/** Which step of signing in is going on; `message` is the text that is being signed. */
export type SignInStep =
  | { readonly step: 'idle' }
  | { readonly step: 'preparing' }
  | { readonly step: 'signing'; readonly address: string; readonly message: string }
  | { readonly step: 'verifying'; readonly address: string };

/**
 * Signing in. Every promise rejects with a CoolChatError: code `wallet_declined` when the person said no, `wallet_failed` for any
 * other trouble of the wallet, `locked` and `wrong_passphrase` for the device key, else the server's code.
 */
export interface SignIn {
  readonly wallets: Readable<readonly WalletInfo[]>;
  readonly deviceKey: Readable<DeviceKeyInfo | undefined>;
  readonly step: Readable<SignInStep>;
  config(): Promise<AuthConfig>;
  /** `invite` where the server's registration needs one. */
  withWallet(walletId: string, invite?: string): Promise<Me>;
  withDeviceKey(passphrase?: string, invite?: string): Promise<Me>;
  /** Makes twelve recovery words and their address; nothing is kept until `keepKey`. */
  newKey(): RecoveryKey;
  /** Reads recovery words or a private key in hex; throws CoolChatError `bad_words` or `bad_key`. */
  readKey(wordsOrPrivateKey: string): RecoveryKey;
  /** Keeps the key on this device, encrypted, instead of an earlier one. */
  keepKey(key: RecoveryKey, passphrase?: string): Promise<void>;
  forgetKey(): Promise<void>;
  /** The words of the kept key, if it was made from words. */
  revealWords(passphrase?: string): Promise<string | undefined>;
  /** Gives up waiting for a wallet. */
  cancel(): void;
}

/** The messages of one thread, live while open. */
export interface ThreadActions {
  readonly timeline: Readable<Timeline>;
  open(): () => void;
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
}

export interface ConversationActions {
  readonly id: Uuid;
  readonly timeline: Readable<Timeline>;
  readonly conversation: Readable<ConversationItem | undefined>;
  /** Shows the conversation: loads the newest page and keeps it complete until the returned function is called. */
  open(): () => void;
  /** The thread under a message. Send into it with `thread` in the draft. */
  thread(rootId: Uuid): ThreadActions;
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  /** Moves the window so that it holds this message, or to the end. */
  jumpTo(target: { readonly messageId: Uuid } | { readonly seq: number } | 'end' | 'unread'): Promise<void>;
  /** Puts the message into the outbox and answers its messageId. */
  send(draft: Draft): Uuid;
  /** Sends a failed message again. */
  resend(messageId: Uuid): void;
  /** Takes a waiting or failed message out of the outbox. */
  discard(messageId: Uuid): void;
  edit(messageId: Uuid, draft: Pick<Draft, 'content' | 'mentions'>): Promise<void>;
  remove(messageId: Uuid): Promise<void>;
  react(messageId: Uuid, key: string, add: boolean): Promise<void>;
  pin(messageId: Uuid, pinned: boolean): Promise<void>;
  vote(messageId: Uuid, options: readonly number[]): Promise<void>;
  closePoll(messageId: Uuid): Promise<void>;
  /** Advances the read mark to the end, or to `seq`. */
  markRead(seq?: number): void;
  /** Tells the others that this person types; limited to one call in 3 s here. */
  typing(): void;
  setDraft(text: string): void;
  setPreferences(changes: MemberPreferences): Promise<void>;
  change(changes: ConversationChanges): Promise<void>;
  addMembers(members: readonly string[], role?: Role): Promise<void>;
  removeMember(userId: Uuid): Promise<void>;
  setRole(userId: Uuid, role: Role): Promise<void>;
  leave(): Promise<void>;
  createInvite(options?: { readonly expiresIn?: number; readonly maxUses?: number }): Promise<Invite>;
  invites(): Promise<readonly Invite[]>;
  revokeInvite(inviteId: Uuid): Promise<void>;
  members(next?: string): Promise<Page<Member>>;
  pins(): Promise<readonly MessageView[]>;
  /** Who reacted with an emoji, oldest first. */
  reactors(messageId: Uuid, key: string, next?: string): Promise<Page<Uuid>>;
  edits(messageId: Uuid): Promise<readonly MessageEdit[]>;
  /** A message by id, whether in the window or not: for quotes. */
  message(messageId: Uuid): Promise<MessageView | undefined>;
}

export interface Conversations {
  readonly list: Readable<ConversationList>;
  get(id: Uuid): ConversationActions;
  /** Opens the direct conversation with a person or address; the same one each time. */
  openDirect(userIdOrAddress: string): Promise<Uuid>;
  create(request: {
    readonly kind: Exclude<ConversationKind, 'direct'>;
    readonly title: string;
    readonly topic?: string;
    readonly members?: readonly string[];
    readonly historyVisibility?: HistoryVisibility;
    readonly listed?: boolean;
  }): Promise<Uuid>;
  previewInvite(code: string): Promise<Invite>;
  joinByInvite(code: string): Promise<Uuid>;
  joinChannel(id: Uuid): Promise<void>;
  listedChannels(query?: string, next?: string): Promise<Page<ConversationItem>>;
  search(query: string, next?: string): Promise<Page<SearchHit>>;
  scheduled(): Promise<readonly ScheduledMessage[]>;
  cancelScheduled(message: Pick<ScheduledMessage, 'conversationId' | 'commandId'>): Promise<void>;
  /** Own messages that failed, over all conversations. */
  readonly failed: Readable<readonly MessageItem[]>;
}

export interface People {
  /** The profile if it is known; asking for it fetches it, many at once. */
  profile(userIdOrAddress: string): Readable<Profile | undefined>;
  search(query: string): Promise<readonly Profile[]>;
  /** Presence; watched while somebody subscribes. */
  presence(userId: Uuid): Readable<Presence>;
  contacts: Readable<readonly Profile[] | undefined>;
  blocks: Readable<readonly Profile[] | undefined>;
  setContact(userId: Uuid, isContact: boolean): Promise<void>;
  setBlocked(userId: Uuid, isBlocked: boolean): Promise<void>;
}

export interface Account {
  update(changes: ProfileChanges): Promise<void>;
  sessions(): Promise<readonly DeviceSession[]>;
  endSession(id: Uuid): Promise<void>;
  endOtherSessions(): Promise<void>;
  linkWallet(walletId: string): Promise<void>;
  unlinkWallet(address: string): Promise<void>;
  /** A zip with everything about me. */
  exportData(): Promise<Blob>;
  deleteAccount(options: { readonly eraseMessages: boolean }): Promise<void>;
  signOut(): Promise<void>;
  makePrimary(address: string): Promise<void>;
  /** Makes this person the owner of a new server; the token is in the link that the server printed. */
  claimServer(token: string): Promise<void>;
}

export interface Uploads {
  readonly list: Readable<readonly UploadState[]>;
  /** Starts the upload; follow it in `list`. */
  add(file: File): { readonly id: string; readonly done: Promise<Attachment> };
  pause(id: string): void;
  resume(id: string): void;
  cancel(id: string): void;
  /** Removes a finished, failed or cancelled one from the list. */
  dismiss(id: string): void;
  /**
   * A short-lived address for <img>, <video> or a download; cached until shortly before it ends. `width` is a hint: the pixels that
   * will be shown.
   */
  url(mediaId: Uuid, width?: number): Promise<string>;
}

/** The whole client: one per page. */
export interface CoolChatClient {
  readonly session: Readable<SessionState>;
  readonly connection: Readable<ConnectionInfo>;
  readonly signIn: SignIn;
  readonly conversations: Conversations;
  readonly people: People;
  readonly account: Account;
  readonly uploads: Uploads;
  /** Restores the session and connects; call once. Safe to call again after stop. */
  start(): void;
  stop(): Promise<void>;
  /** Tries to reconnect now instead of at `retryAt`. */
  reconnectNow(): void;
}
