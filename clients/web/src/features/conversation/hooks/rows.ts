import { daysAgo, dayName } from '../../../components/time';
import type { MessageItem, SystemItem, TimelineItem } from '../../../lib';

export type GroupPosition = 'only' | 'first' | 'middle' | 'last';

/** What the virtual list shows, one entry a row. */
export type Row =
  | { readonly kind: 'begin'; readonly key: string }
  | { readonly kind: 'more'; readonly key: string }
  | { readonly kind: 'day'; readonly key: string; readonly label: string }
  | { readonly kind: 'new'; readonly key: string; readonly count: number }
  | { readonly kind: 'system'; readonly key: string; readonly item: SystemItem }
  | { readonly kind: 'message'; readonly key: string; readonly item: MessageItem; readonly position: GroupPosition };

export interface NewLine {
  /** The line stands before this item. */
  readonly before: string;
  readonly count: number;
}

const GROUP_MS = 5 * 60_000;

const timeOf = (item: TimelineItem) => (item.kind === 'message' ? item.message.at : item.at);

/** Days, the new-messages line and groups of one person's messages within five minutes. */
export function buildRows(
  items: readonly TimelineItem[],
  options: { readonly atStart: boolean; readonly loading: boolean; readonly newLine?: NewLine | undefined; readonly now?: Date },
): Row[] {
  const now = options.now ?? new Date();
  const rows: Row[] = options.atStart ? [{ kind: 'begin', key: 'begin' }] : options.loading ? [{ kind: 'more', key: 'more' }] : [];
  let before: MessageItem | undefined;
  let day = '';
  items.forEach((item, index) => {
    const at = new Date(timeOf(item));
    const today = `${at.getFullYear()}-${at.getMonth()}-${at.getDate()}`;
    if (today !== day) {
      day = today;
      before = undefined;
      rows.push({ kind: 'day', key: `day ${today}`, label: dayName(timeOf(item), now) });
    }
    if (options.newLine?.before === item.key) {
      before = undefined;
      rows.push({ kind: 'new', key: 'new', count: options.newLine.count });
    }
    if (item.kind === 'system') {
      before = undefined;
      rows.push({ kind: 'system', key: item.key, item });
      return;
    }
    const joinsBefore = before !== undefined && joins(before, item);
    const next = items[index + 1];
    const joinsNext = next?.kind === 'message' && next.key !== options.newLine?.before && joins(item, next);
    const position = joinsBefore ? (joinsNext ? 'middle' : 'last') : joinsNext ? 'first' : 'only';
    rows.push({ kind: 'message', key: item.key, item, position });
    before = item;
  });
  return rows;
}

function joins(a: MessageItem, b: MessageItem): boolean {
  if (a.message.sender !== b.message.sender) return false;
  const [from, to] = [new Date(a.message.at), new Date(b.message.at)];
  return to.getTime() - from.getTime() <= GROUP_MS && daysAgo(from, to) === 0;
}

/** Where the line of new messages stands: before the first message by somebody else past the read mark. */
export function findNewLine(items: readonly TimelineItem[], readSeq: number): NewLine | undefined {
  const fresh = items.filter(item => item.kind === 'message' && !item.mine && item.message.seq > readSeq && item.message.content !== undefined);
  const first = fresh[0];
  return first ? { before: first.key, count: fresh.length } : undefined;
}
