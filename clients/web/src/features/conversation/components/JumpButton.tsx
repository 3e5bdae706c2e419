import { Icon } from '../../../components/Icon';
import { count } from '../../../components/time';

export function JumpButton({ fresh, onJump }: { readonly fresh: number; readonly onJump: () => void }) {
  const label = fresh > 0 ? `Jump to the latest, ${count(fresh, 'new message')}` : 'Jump to the latest';
  return (
    <div className="jumps">
      <button type="button" className="jump" aria-label={label} title={label} onClick={onJump}>
        <Icon name="down" />
        {fresh > 0 && <b className="badge">{fresh > 999 ? '999+' : fresh}</b>}
      </button>
    </div>
  );
}
