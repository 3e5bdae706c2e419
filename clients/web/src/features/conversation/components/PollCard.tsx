import { Icon } from '../../../components/Icon';
import { count, until } from '../../../components/time';
import type { MessageItem } from '../../../lib';

export function PollCard({ item, onVote }: { readonly item: MessageItem; readonly onVote: (options: readonly number[]) => void }) {
  const poll = item.message.content?.poll;
  if (!poll) return null;
  const result = item.message.poll;
  const mine = item.pending?.vote ?? result?.mine ?? [];
  const voters = result?.voters ?? 0;
  const closed = result?.closed ?? (poll.closesAt !== undefined && new Date(poll.closesAt) < new Date());
  const rule = closed ? 'Closed' : `Pick one${poll.multiple ? ' or more' : ''}.${poll.closesAt ? ` Closes ${until(poll.closesAt)}.` : ''}`;
  const choose = (option: number) => {
    const on = mine.includes(option);
    onVote(poll.multiple ? (on ? mine.filter(one => one !== option) : [...mine, option]) : on ? [] : [option]);
  };
  return (
    <div className="poll" role={poll.multiple ? 'group' : 'radiogroup'} aria-label={poll.question}>
      <b className="block">{poll.question}</b>
      <div className="tiny dim3">{rule}</div>
      {poll.options.map((text, option) => {
        const votes = result?.counts[option] ?? 0;
        const on = mine.includes(option);
        return (
          <button
            key={option}
            type="button"
            className="opt"
            role={poll.multiple ? 'checkbox' : 'radio'}
            aria-checked={on}
            aria-label={`${text}, ${count(votes, 'vote')}`}
            disabled={closed}
            onClick={() => choose(option)}
          >
            <span className="bar" style={{ inlineSize: `${voters === 0 ? 0 : Math.round((votes / voters) * 100)}%` }} />
            {poll.multiple ? (
              <span className={on ? 'box on' : 'box'}>
                <Icon name="check" />
              </span>
            ) : (
              <span className={on ? 'radio on' : 'radio'} />
            )}
            <bdi className="grow t1">{text}</bdi>
            <span className="small dim nums">{votes}</span>
          </button>
        );
      })}
      <div className="small dim">{voters === 1 ? '1 person voted' : `${voters} people voted`}</div>
    </div>
  );
}
