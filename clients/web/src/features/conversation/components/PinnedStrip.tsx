import { IconButton } from '../../../components/Button';
import { Icon } from '../../../components/Icon';
import { usePins, type TimelineItem } from '../../../lib';
import { messageSummary } from '../../list/hooks/usePreview';

export interface PinnedStripProps {
  readonly conversationId: string;
  /** The loaded messages: a pin or unpin among them asks for the list again. */
  readonly items: readonly TimelineItem[];
  readonly onJump: (messageId: string) => void;
  readonly onHide: () => void;
}

/** The latest pinned message under the header. */
export function PinnedStrip({ conversationId, items, onJump, onHide }: PinnedStripProps) {
  const version = items.reduce((max, item) => (item.kind === 'system' && (item.change.type === 'pinned' || item.change.type === 'unpinned') ? Math.max(max, item.seq) : max), 0);
  const last = usePins(conversationId, version).data?.at(-1);
  if (!last) return null;
  return (
    <div className="strip desk-only">
      <Icon name="pin" size="s" />
      <button type="button" className="t1 grow" onClick={() => onJump(last.messageId)}>
        <b>Pinned</b> &nbsp;{messageSummary(last)}
      </button>
      <IconButton icon="x" label="Hide the pinned message" small onClick={onHide} />
    </div>
  );
}
