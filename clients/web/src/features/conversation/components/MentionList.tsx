import { PersonAvatarById } from '../../people/components/Person';
import type { Candidate } from '../hooks/mentions';

export function MentionList({ matches, chosen, onPick }: { matches: readonly Candidate[]; chosen: number; onPick: (candidate: Candidate) => void }) {
  return (
    <div className="menu suggest" role="listbox" aria-label="People to mention">
      {matches.map((one, index) => (
        <button
          key={one.userId}
          type="button"
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          className={index === chosen ? 'pi on' : 'pi'}
          onPointerDown={event => event.preventDefault()}
          onClick={() => onPick(one)}
        >
          <PersonAvatarById id={one.userId} size="x24" />
          <bdi className="grow t1">{one.name}</bdi>
        </button>
      ))}
    </div>
  );
}
