import { useEffect, useRef, useState } from 'react';
import { useProfile, type MessageItem, type TimelineItem } from '../../../lib';
import { messageSummary } from '../../list/hooks/usePreview';
import { nameOf } from '../../people/hooks/usePerson';

const QUIET_MS = 2000;

/** One polite voice for the open conversation: "Mira: text", or "5 new messages" when more come within two seconds. */
export function Announcer({ items }: { readonly items: readonly TimelineItem[] }) {
  const seen = useRef<number>(undefined);
  const waiting = useRef<MessageItem[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [spoken, setSpoken] = useState<{ items: readonly MessageItem[] }>();

  useEffect(() => {
    const last = items.reduce((max, item) => Math.max(max, item.kind === 'message' ? item.message.seq : item.seq), 0);
    const fresh = items.filter((item): item is MessageItem => item.kind === 'message' && !item.mine && item.message.seq > (seen.current ?? Infinity));
    seen.current = Math.max(last, seen.current ?? 0);
    if (fresh.length === 0) return;
    waiting.current.push(...fresh);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setSpoken({ items: waiting.current });
      waiting.current = [];
    }, waiting.current.length === 1 ? 200 : QUIET_MS);
  }, [items]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const one = spoken?.items.length === 1 ? spoken.items[0] : undefined;
  return (
    <div className="unseen" aria-live="polite">
      {one ? <One item={one} /> : spoken && `${spoken.items.length} new messages`}
    </div>
  );
}

function One({ item }: { readonly item: MessageItem }) {
  const profile = useProfile(item.message.sender);
  return `${nameOf(profile)}: ${messageSummary(item.message)}`;
}
