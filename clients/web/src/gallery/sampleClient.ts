import type { CoolChatClient, ConversationActions, ConnectionState, SessionState, Timeline } from '../lib';
import { CoolChatError } from '../lib';
import { Cell } from '../lib/readable';
import { CONVERSATIONS, PROFILES, TIDE } from './sample';

const no = () => Promise.reject(new CoolChatError({ code: 'gallery', detail: 'This is the gallery: nothing is sent.' }));
const me = { userId: 'anna', address: PROFILES.get('anna')?.address ?? '', displayName: 'Anna Vale', wallets: [], createdAt: new Date().toISOString() };

const STATES: Record<string, ConnectionState> = {
  online: { status: 'online', caughtUp: true, missed: 0 },
  offline: { status: 'offline' },
  reconnecting: { status: 'reconnecting', retryAt: Date.now() + 60_000, reason: 'asked' },
};

/** Screens without a server: `?session=out`, `?connection=offline`, `?empty`. Only development builds have it. */
export function sampleClient(query: URLSearchParams): CoolChatClient {
  const items = query.has('empty') ? [] : CONVERSATIONS;
  const session: SessionState = query.get('session') === 'out' ? { status: 'signedOut' } : { status: 'signedIn', user: me };
  const list = { loaded: !query.has('loading'), items, unread: 16, mentions: 1 };
  const actions = (id: string): ConversationActions => {
    const timeline: Timeline = {
      status: query.has('loading') ? 'loading' : query.has('failed') ? 'failed' : 'ready',
      items: id === 'tide' ? TIDE : [],
      hasOlder: false,
      hasNewer: false,
      loadingOlder: false,
      loadingNewer: false,
      newerCount: 0,
      readSeqAtOpen: TIDE.length - 8,
      broken: [],
    };
    const known = {
      id,
      timeline: new Cell(timeline),
      conversation: new Cell(items.find(item => item.id === id)),
      open: () => () => undefined,
      send: () => '',
      pins: () => Promise.resolve([]),
      members: () => Promise.resolve({ items: [] }),
      invites: () => Promise.resolve([]),
      message: () => Promise.resolve(undefined),
      jumpTo: () => Promise.resolve(),
    };
    return withRest(known, ['markRead', 'typing', 'setDraft', 'resend', 'discard']) as ConversationActions;
  };
  const kept = new Map<string, ConversationActions>();
  const get = (id: string) => kept.get(id) ?? (kept.set(id, actions(id)), kept.get(id));
  const person = (id: string) => PROFILES.get(id) ?? [...PROFILES.values()].find(one => one.address === id);
  const profiles = new Map([...PROFILES.keys()].map(id => [id, new Cell(person(id))]));
  const here = new Cell({ status: 'online' } as const);
  const away = new Cell({ status: 'offline' } as const);
  const none = new Cell(undefined);
  const config = { serverName: 'Harbour Lab', statement: '', origins: [], chainIds: [1], registration: 'open', limits: {} };
  const wallets = [{ id: 'w', name: 'Wallet in this browser', icon: '', rdns: 'example.wallet' }];
  return withRest({
    session: new Cell(session),
    connection: new Cell({
      state: STATES[query.get('connection') ?? 'online'] ?? { status: 'connecting' },
      limits: { textBytes: 16_384, titleChars: 80, topicChars: 300 },
      features: [],
      clockOffset: 0,
      waiting: query.get('connection') === 'offline' ? 3 : 0,
      updateNeeded: false,
    }),
    signIn: withRest({
      wallets: new Cell(wallets),
      deviceKey: none,
      step: new Cell({ step: 'idle' }),
      config: () => Promise.resolve(config),
      newKey: () => ({ address: me.address, privateKey: new Uint8Array(32), words: 'harvest pebble cotton orbit velvet lantern meadow anchor copper willow cinder violet' }),
    }, ['cancel']),
    conversations: withRest({ list: new Cell(list), get, failed: new Cell([]) }, []),
    people: withRest({
      profile: (id: string) => profiles.get(id) ?? none,
      presence: (id: string) => (id === 'mira' || id === 'sora' ? here : away),
      contacts: new Cell([...PROFILES.values()]),
      blocks: new Cell([]),
      search: () => Promise.resolve([...PROFILES.values()]),
    }, []),
    account: withRest({
      sessions: () =>
        Promise.resolve([
          { id: '1', device: 'Chromium on Linux', current: true, createdAt: new Date().toISOString() },
          { id: '2', device: 'Safari on a phone', current: false, createdAt: new Date().toISOString(), lastSeenAt: new Date(Date.now() - 3_700_000).toISOString() },
        ]),
    }, []),
    uploads: withRest({ list: new Cell([]) }, []),
  }, ['start', 'stop', 'reconnectNow']) as CoolChatClient;
}

/** The named deeds do nothing; every other one says that this is the gallery. */
function withRest(known: object, silent: readonly string[]): unknown {
  return new Proxy(known, {
    get: (target, name, receiver): unknown => {
      if (name in target) return Reflect.get(target, name, receiver);
      return silent.includes(String(name)) ? () => undefined : no;
    },
  });
}
