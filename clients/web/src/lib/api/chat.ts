import type { Http } from './http';
import type {
  ConversationView,
  CreateConversation,
  EventPage,
  Invite,
  Member,
  MemberPreferences,
  MessageEdit,
  MessagePage,
  MessageView,
  Page,
  ScheduledMessage,
  SearchHit,
  SyncPage,
  Uuid,
} from './types';

export interface MessageRange {
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  readonly limit?: number;
  /** Only the messages of this thread. */
  readonly thread?: Uuid;
}

/** What the store needs of the server; tests put a server in memory behind it. */
export interface ChatReads {
  sync(since: string | undefined): Promise<SyncPage>;
  conversation(id: Uuid): Promise<ConversationView>;
  messages(id: Uuid, range: MessageRange): Promise<MessagePage>;
  events(id: Uuid, range: { readonly after?: number; readonly before?: number; readonly limit?: number }): Promise<EventPage>;
}

const root = '/chat/conversations';

/** The chat service over HTTP. */
export class ChatApi implements ChatReads {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  sync(since: string | undefined): Promise<SyncPage> {
    return this.#http.post('/chat/sync', since === undefined ? {} : { since });
  }

  conversation(id: Uuid): Promise<ConversationView> {
    return this.#http.get(`${root}/${id}`);
  }

  messages(id: Uuid, range: MessageRange): Promise<MessagePage> {
    return this.#http.get(`${root}/${id}/messages`, { query: { ...range } });
  }

  events(id: Uuid, range: { readonly after?: number; readonly before?: number; readonly limit?: number }): Promise<EventPage> {
    return this.#http.get(`${root}/${id}/events`, { query: { ...range } });
  }

  create(request: CreateConversation): Promise<ConversationView> {
    return this.#http.post(root, request);
  }

  setPreferences(id: Uuid, changes: MemberPreferences): Promise<unknown> {
    return this.#http.json('PATCH', `${root}/${id}/me`, { body: changes });
  }

  members(id: Uuid, next?: string): Promise<Page<Member>> {
    return this.#http.get(`${root}/${id}/members`, { query: { next } });
  }

  pins(id: Uuid): Promise<MessagePage> {
    return this.#http.get(`${root}/${id}/pins`);
  }

  message(id: Uuid, messageId: Uuid): Promise<MessageView> {
    return this.#http.get(`${root}/${id}/messages/${messageId}`);
  }

  edits(id: Uuid, messageId: Uuid): Promise<Page<MessageEdit>> {
    return this.#http.get(`${root}/${id}/messages/${messageId}/edits`);
  }

  reactors(id: Uuid, messageId: Uuid, key: string, next?: string): Promise<Page<Uuid>> {
    return this.#http.get(`${root}/${id}/messages/${messageId}/reactions/${encodeURIComponent(key)}`, { query: { next } });
  }

  invites(id: Uuid): Promise<Page<Invite>> {
    return this.#http.get(`${root}/${id}/invites`);
  }

  createInvite(id: Uuid, options: { readonly expiresIn?: number; readonly maxUses?: number }): Promise<Invite> {
    return this.#http.post(`${root}/${id}/invites`, options);
  }

  revokeInvite(id: Uuid, inviteId: Uuid): Promise<unknown> {
    return this.#http.json('DELETE', `${root}/${id}/invites/${inviteId}`);
  }

  previewInvite(code: string): Promise<Invite> {
    return this.#http.get(`/chat/invites/${encodeURIComponent(code)}`);
  }

  /** Joins; again by the same person is no error. */
  join(code: string): Promise<ConversationView> {
    return this.#http.post(`/chat/invites/${encodeURIComponent(code)}/join`);
  }

  channels(query?: string, next?: string): Promise<Page<ConversationView>> {
    return this.#http.get('/chat/channels', { query: { q: query, next } });
  }

  search(query: string, next?: string): Promise<Page<SearchHit>> {
    return this.#http.get('/chat/search', { query: { q: query, next } });
  }

  scheduled(): Promise<Page<ScheduledMessage>> {
    return this.#http.get('/chat/scheduled');
  }

  cancelScheduled(conversationId: Uuid, commandId: Uuid): Promise<unknown> {
    return this.#http.json('DELETE', `/chat/scheduled/${conversationId}/${commandId}`);
  }
}
