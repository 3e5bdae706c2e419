import { useId, useState } from 'react';
import { Address } from '../../../components/Address';
import { Avatar } from '../../../components/avatar/Avatar';
import { Icon } from '../../../components/Icon';
import { useContacts, usePeopleSearch, type Profile } from '../../../lib';
import { useDebounced } from '../hooks/useDebounced';
import { useMe } from '../hooks/usePerson';
import { PersonAvatar, PersonName } from './Person';

const ADDRESS = /^0x[0-9a-f]{40}$/i;

/** Somebody to write to or add: a known profile, or an address that has never signed in here. */
export interface Pick {
  /** userId or address. */
  readonly id: string;
  readonly profile?: Profile;
}

export interface PeoplePickerProps {
  readonly label: string;
  readonly picked?: readonly Pick[];
  readonly onPick: (pick: Pick) => void;
  readonly onDrop?: (pick: Pick) => void;
  readonly exclude?: ReadonlySet<string>;
  readonly includeSelf?: boolean;
}

export function PeoplePicker({ label, picked = [], onPick, onDrop, exclude, includeSelf }: PeoplePickerProps) {
  const me = useMe();
  const id = useId();
  const [text, setText] = useState('');
  const query = useDebounced(text.trim(), 200);
  const found = usePeopleSearch(query);
  const contacts = useContacts();
  const taken = new Set([...picked.map(one => one.id), ...(exclude ?? []), ...(includeSelf ? [] : [me.userId])]);
  const people = (query ? (found.data ?? []) : (contacts ?? [])).filter(one => !taken.has(one.userId) && !one.deleted);
  const isAddress = ADDRESS.test(query);
  const stranger = isAddress && !people.some(one => one.address.toLowerCase() === query.toLowerCase()) && query.toLowerCase() !== me.address.toLowerCase();
  const shortAddress = /^0x[0-9a-f]{8,39}$/i.test(query) ? 40 - (query.length - 2) : 0;
  const choose = (pick: Pick) => {
    setText('');
    onPick(pick);
  };

  return (
    <div>
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <div className="field picker">
        {picked.map(one => (
          <span key={one.id} className="tag">
            {one.profile ? <PersonAvatar profile={one.profile} id={one.id} size="x20" /> : <Avatar of={one.id} size="x20" unknown />}
            {one.profile ? <PersonName profile={one.profile} /> : <Address of={one.id} digits={6} />}
            <button type="button" aria-label="Remove" onClick={() => onDrop?.(one)}>
              <Icon name="x" size="s" />
            </button>
          </span>
        ))}
        <input id={id} value={text} placeholder="Name or address" autoComplete="off" spellCheck={false} data-autofocus onChange={event => setText(event.target.value)} />
      </div>
      <div className="results" role="group" aria-label="People found">
        {people.map(profile => (
          <button key={profile.userId} type="button" className="pi" onClick={() => choose({ id: profile.userId, profile })}>
            <PersonAvatar profile={profile} id={profile.userId} size="x32" presence />
            <span className="grow">
              <span className="t1 block">
                <PersonName profile={profile} />
              </span>
              <span className="tiny dim3 block">
                <Address of={profile.address} />
              </span>
            </span>
          </button>
        ))}
        {stranger && !found.isFetching && (
          <button type="button" className="pi" onClick={() => choose({ id: query })}>
            <Avatar of={query} size="x32" unknown />
            <span className="grow">
              <Address of={query} digits={6} />
              <span className="tiny dim3 block">Never signed in here. Your words wait until they do.</span>
            </span>
          </button>
        )}
        {query && people.length === 0 && !stranger && !found.isFetching && (
          <p className="help">{shortAddress > 0 ? `An address has 40 digits; ${shortAddress} more to go.` : `Nobody here is called “${query}”.`}</p>
        )}
        {found.isError && <p className="help bad">Looking for people didn’t work. Try again in a moment.</p>}
      </div>
    </div>
  );
}
