import type { ChatReads } from '../api/chat';
import type { ChatEvent, Uuid } from '../api/types';

const PAGE = 200;

/** The events from `from` to at least `to`, as far as they are there; stops early when `wanted` turns false. */
export async function eventRange(api: ChatReads, id: Uuid, from: number, to: number, wanted: () => boolean): Promise<ChatEvent[]> {
  const events: ChatEvent[] = [];
  for (let after = from - 1; after < to && wanted();) {
    const page = await api.events(id, { after, limit: PAGE });
    if (page.events.length === 0) break;
    events.push(...page.events);
    after = page.events.at(-1)?.seq ?? to;
  }
  return events;
}
