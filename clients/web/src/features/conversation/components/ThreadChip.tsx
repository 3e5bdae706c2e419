import { count, listTime } from '../../../components/time';
import type { ThreadSummary } from '../../../lib';
import { PersonAvatarById } from '../../people/components/Person';

export function ThreadChip({ replies, onOpen }: { readonly replies: ThreadSummary; readonly onOpen: () => void }) {
  return (
    <button type="button" className="thr" onClick={onOpen}>
      <span className="avs">
        {replies.participants.slice(0, 3).map(id => (
          <PersonAvatarById key={id} id={id} size="x20" />
        ))}
      </span>
      <b>{count(replies.count, 'reply', 'replies')}</b>
      <span className="dim3">latest {listTime(replies.lastAt)}</span>
    </button>
  );
}
