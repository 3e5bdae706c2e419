import { useState } from 'react';
import { Icon } from '../../../components/Icon';
import type { MessageItem, ReactionCount } from '../../../lib';

const SHOWN = 8;

/** Confirmed reactions with one's own unconfirmed changes on top, so that a tap shows at once. */
export function withPending(item: MessageItem): readonly ReactionCount[] {
  const counts = new Map((item.message.reactions ?? []).map(one => [one.key, one]));
  for (const change of item.pending?.reactions ?? []) {
    const now = counts.get(change.key) ?? { key: change.key, count: 0, mine: false };
    if (now.mine === change.add) continue;
    counts.set(change.key, { key: change.key, count: now.count + (change.add ? 1 : -1), mine: change.add });
  }
  return [...counts.values()].filter(one => one.count > 0);
}

export interface ReactionsProps {
  readonly item: MessageItem;
  readonly onToggle: (key: string, add: boolean) => void;
  readonly onAdd: (anchor: Element) => void;
}

export function Reactions({ item, onToggle, onAdd }: ReactionsProps) {
  const [all, setAll] = useState(false);
  const reactions = withPending(item);
  if (reactions.length === 0) return null;
  const shown = all ? reactions : reactions.slice(0, SHOWN);
  return (
    <div className="rx">
      {shown.map(one => (
        <button
          key={one.key}
          type="button"
          className={one.mine ? 'rc mine' : 'rc'}
          aria-pressed={one.mine}
          aria-label={`${one.key}, ${one.count}${one.mine ? ', you reacted' : ''}`}
          onClick={() => onToggle(one.key, !one.mine)}
        >
          {one.key} {one.count}
        </button>
      ))}
      {reactions.length > shown.length && (
        <button type="button" className="rc" onClick={() => setAll(true)}>
          +{reactions.length - shown.length}
        </button>
      )}
      <button type="button" className="rc add" aria-label="Add a reaction" onClick={event => onAdd(event.currentTarget)}>
        <Icon name="smile" />
      </button>
    </div>
  );
}
