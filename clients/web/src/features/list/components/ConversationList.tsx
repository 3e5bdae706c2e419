import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { ListSkeleton } from '../../../components/Skeleton';
import { useConnection, type ConversationItem } from '../../../lib';
import { ConversationRow } from './ConversationRow';

export interface ConversationListProps {
  readonly items: readonly ConversationItem[];
  readonly loaded: boolean;
  readonly here: string | undefined;
  /** A sentence instead of an empty list. */
  readonly empty: string;
  readonly id: string;
}

export function ConversationList({ items, loaded, here, empty, id }: ConversationListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const quiet = useConnection().state.status !== 'online';
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 61,
    getItemKey: index => items[index]?.id ?? index,
    overscan: 8,
  });

  const at = here === undefined ? -1 : items.findIndex(item => item.id === here);
  useEffect(() => {
    if (at >= 0) rows.scrollToIndex(at, { align: 'auto' });
    // Only when another conversation is opened, not when the list moves under it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [here]);

  return (
    <div className="list" ref={scroller} id={id}>
      {!loaded && <ListSkeleton />}
      {loaded && items.length === 0 && <p className="side-note">{empty}</p>}
      <div className="list-space" style={{ blockSize: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(row => {
          const item = items[row.index];
          return item ? (
            <div key={row.key} className="list-row" data-index={row.index} ref={rows.measureElement} style={{ transform: `translateY(${row.start}px)` }}>
              <ConversationRow item={item} here={item.id === here} quiet={quiet} position={row.index + 1} total={items.length} />
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
}
