import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ConversationActions, Timeline } from '../../../lib';
import type { Row } from './rows';
import { useAttention } from './useAttention';

const ESTIMATE: Record<Row['kind'], number> = { begin: 170, more: 34, day: 40, new: 34, system: 28, message: 52 };
/** How near an edge of what is loaded the next page is asked for. */
const REACH = 900;
/** Within this of the end one is at the end: new messages keep it in view. */
const NEAR_END = 48;

const NONE: ReadonlySet<string> = new Set();

/** What a window of messages can do; a thread has no end to jump to and no mark of its own. */
export interface WindowActions extends Pick<ConversationActions, 'loadOlder' | 'loadNewer'> {
  readonly jumpTo?: ConversationActions['jumpTo'];
  readonly markRead?: ConversationActions['markRead'];
}

interface Input {
  readonly rows: readonly Row[];
  readonly timeline: Timeline;
  readonly actions: WindowActions;
  readonly target: { readonly messageId: string; readonly nonce: number } | undefined;
}

/**
 * The virtual list of one conversation: anchored at its end, so that pages loaded above do not move what is on screen, and following the
 * end while one is there. Also says which messages were read.
 */
export function useMessageWindow({ rows, timeline, actions, target }: Input) {
  const scroller = useRef<HTMLDivElement>(null);
  const [away, setAway] = useState(false);
  const [lit, setLit] = useState<string>();
  const attentive = useAttention();
  const ready = timeline.status === 'ready';

  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => ESTIMATE[rows[index]?.kind ?? 'message'],
    getItemKey: index => rows[index]?.key ?? index,
    anchorTo: 'end',
    followOnAppend: !timeline.hasNewer,
    scrollEndThreshold: NEAR_END,
    paddingEnd: 10,
    overscan: 10,
  });

  const total = list.getTotalSize();
  const viewport = list.scrollRect?.height ?? 0;
  // A short conversation lies at the bottom, where the composer is.
  const lift = Math.max(0, viewport - total);

  // First showing: at the new-messages line if there is one, else at the end.
  const placed = useRef(false);
  useLayoutEffect(() => {
    if (placed.current || !ready || rows.length === 0) return;
    placed.current = true;
    const line = rows.findIndex(row => row.kind === 'new');
    if (line >= 0) list.scrollToIndex(Math.max(0, line - 1), { align: 'start' });
    else list.scrollToEnd();
  }, [ready, rows, list]);

  const update = useCallback(() => {
    const element = scroller.current;
    if (!element || !placed.current) return;
    const below = element.scrollHeight - element.clientHeight - element.scrollTop;
    setAway(below > Math.max(240, element.clientHeight * 0.8) || timeline.hasNewer);
    if (element.scrollTop < REACH && timeline.hasOlder && !timeline.loadingOlder) void actions.loadOlder();
    if (below < REACH && timeline.hasNewer && !timeline.loadingNewer) void actions.loadNewer();
  }, [timeline.hasOlder, timeline.hasNewer, timeline.loadingOlder, timeline.loadingNewer, actions]);
  useEffect(update, [update, rows, total]);

  // Whoever is at the end stays there when the window shrinks (a keyboard opens) or what is on screen grows (a picture has loaded).
  const atEnd = useRef(false);
  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (element) atEnd.current = element.scrollHeight - element.clientHeight - element.scrollTop <= NEAR_END;
    update();
  }, [update]);
  useLayoutEffect(() => {
    if (atEnd.current && placed.current && !timeline.hasNewer) list.scrollToEnd();
  }, [viewport, total, timeline.hasNewer, list]);

  // What is on screen while somebody looks is read.
  const lastVisible = list.range?.endIndex;
  const readTo = useRef(0);
  useEffect(() => {
    if (!attentive || !ready || lastVisible === undefined) return;
    let seq = 0;
    for (let index = Math.min(lastVisible, rows.length - 1); index >= 0 && seq === 0; index--) {
      const row = rows[index];
      if (row?.kind === 'message') seq = row.item.message.seq;
      else if (row?.kind === 'system') seq = row.item.seq;
    }
    if (seq <= readTo.current) return;
    readTo.current = seq;
    actions.markRead?.(seq);
  }, [attentive, ready, lastVisible, rows, actions]);

  const show = useCallback(
    (key: string, align: 'auto' | 'center') => {
      const index = rows.findIndex(row => row.key === key);
      if (index >= 0) list.scrollToIndex(index, { align });
      return index >= 0;
    },
    [rows, list],
  );

  // A quote or a search hit: load the window around it if needed, show it, light it up for a moment.
  const done = useRef<number>(undefined);
  useEffect(() => {
    if (!target || done.current === target.nonce || !ready) return;
    const row = rows.find(one => one.kind === 'message' && one.item.message.messageId === target.messageId);
    if (!row) return;
    done.current = target.nonce;
    show(row.key, 'center');
    setLit(row.key);
    const timer = setTimeout(() => setLit(undefined), 2200);
    return () => clearTimeout(timer);
  }, [target, rows, ready, show]);

  const moveTo = useCallback(
    (key: string) => {
      show(key, 'auto');
      requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`article[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true }));
    },
    [show],
  );

  const toEnd = useCallback(() => {
    if (timeline.hasNewer && actions.jumpTo) void actions.jumpTo('end').then(() => requestAnimationFrame(() => list.scrollToEnd()));
    else list.scrollToEnd();
  }, [timeline.hasNewer, actions, list]);

  // One's own new message is always shown, wherever one was.
  const lastRow = rows.at(-1);
  const lastOwn = lastRow?.kind === 'message' && lastRow.item.mine && lastRow.item.message.seq === 0 ? lastRow.key : undefined;
  useEffect(() => {
    if (lastOwn !== undefined) list.scrollToEnd();
  }, [lastOwn, list]);

  return {
    scroller,
    measure: list.measureElement,
    onScroll,
    height: Math.max(total, viewport),
    visible: list.getVirtualItems().flatMap(one => {
      const row = rows[one.index];
      return row ? [{ row, index: one.index, top: one.start + lift }] : [];
    }),
    landed: useLanded(rows, ready, away),
    lit,
    away,
    moveTo,
    toEnd,
  };
}

/** Rows that came just now and may move in: not while scrolled up, not when more than three come at once. */
function useLanded(rows: readonly Row[], ready: boolean, away: boolean): ReadonlySet<string> {
  const known = useRef<Set<string>>(undefined);
  const [landed, setLanded] = useState(NONE);
  useEffect(() => {
    if (!ready) return;
    const messages = rows.filter(row => row.kind === 'message');
    const before = known.current;
    known.current = new Set(messages.map(row => row.key));
    if (!before || away) return;
    const end = messages.slice(-4).filter(row => !before.has(row.key));
    if (end.length > 0 && end.length <= 3) setLanded(new Set(end.map(row => row.key)));
  }, [rows, ready, away]);
  return landed;
}
