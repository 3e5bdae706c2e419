import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { routes } from '../../../app/routes';
import type { Overlay } from '../../../app/Shell';
import { Address } from '../../../components/Address';
import { Dialog } from '../../../components/Dialog';
import { Icon } from '../../../components/Icon';
import { toFailure, useClient, useConversations, usePeopleSearch, useProfiles, type ConversationItem, type Profile } from '../../../lib';
import { ConversationAvatar } from '../../people/components/ConversationAvatar';
import { PersonAvatar } from '../../people/components/Person';
import { useDebounced } from '../../people/hooks/useDebounced';
import { nameOf, useMe } from '../../people/hooks/usePerson';
import { useChannels, useJoinChannel } from '../hooks/useChannels';

interface Choice {
  readonly key: string;
  readonly start: ReactNode;
  readonly title: string;
  readonly sub?: ReactNode;
  readonly run: () => void;
}

export interface FindDialogProps {
  readonly onClose: () => void;
  readonly onOpen: (id: string) => void;
  readonly onOverlay: (overlay: Overlay) => void;
}

/** Ctrl K: conversations, people, channels to join and deeds by a few letters. */
export function FindDialog({ onClose, onOpen, onOverlay }: FindDialogProps) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const choices = useChoices(text.trim(), { onClose, onOpen, onOverlay });
  const chosen = choices.length === 0 ? -1 : Math.min(at, choices.length - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt((chosen + 1) % Math.max(1, choices.length));
    else if (event.key === 'ArrowUp') setAt((chosen + choices.length - 1) % Math.max(1, choices.length));
    else if (event.key === 'Enter') choices[chosen]?.run();
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Find or jump to" onClose={onClose} wide full>
      <div className="field l">
        <Icon name="search" size="s" />
        <input
          role="combobox"
          aria-label="Find or jump to"
          aria-expanded
          aria-controls="find-results"
          aria-activedescendant={chosen >= 0 ? `find-${chosen}` : undefined}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={text}
          placeholder="A name, an address or a word"
          onChange={event => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id="find-results" role="listbox" aria-label="Found" className="results find-results">
        {choices.map((choice, index) => (
          <button
            key={choice.key}
            id={`find-${index}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className={index === chosen ? 'pi on' : 'pi'}
            onClick={choice.run}
          >
            {choice.start}
            <span className="grow">
              <bdi className="t1 block">{choice.title}</bdi>
              {choice.sub && <span className="tiny dim3 t1 block">{choice.sub}</span>}
            </span>
          </button>
        ))}
      </div>
    </Dialog>
  );
}

function useChoices(query: string, { onClose, onOpen, onOverlay }: FindDialogProps): readonly Choice[] {
  const client = useClient();
  const me = useMe();
  const [, navigate] = useLocation();
  const items = useConversations().items;
  const peers = useProfiles(items.flatMap(item => (item.peer ? [item.peer] : [])));
  const people = usePeopleSearch(useDebounced(query, 200)).data ?? [];
  const channels = useChannels(useDebounced(query, 200));
  const wanted = query.toLocaleLowerCase();
  const go = (id: string) => {
    onClose();
    onOpen(id);
  };
  const join = useJoinChannel(go);
  const titleOf = (item: ConversationItem) => (item.peer === me.userId ? 'Notes to yourself' : item.peer ? nameOf(peers.get(item.peer)) : (item.title ?? ''));
  const conversations = items
    .filter(item => titleOf(item).toLocaleLowerCase().includes(wanted))
    .slice(0, 8)
    .map((item): Choice => ({ key: item.id, start: <ConversationAvatar item={item} size="x32" />, title: titleOf(item), sub: item.topic, run: () => go(item.id) }));
  const known = new Set(items.map(item => item.peer));
  const strangers = people
    .filter(one => !known.has(one.userId) && one.userId !== me.userId)
    .slice(0, 6)
    .map((one: Profile): Choice => ({
      key: one.userId,
      start: <PersonAvatar profile={one} id={one.userId} size="x32" />,
      title: nameOf(one),
      sub: <Address of={one.address} />,
      run: () => void client.conversations.openDirect(one.userId).then(go, onClose),
    }));
  const open = channels.slice(0, 6).map((channel): Choice => ({
    key: channel.id,
    start: <ConversationAvatar item={channel} size="x32" />,
    title: channel.title ?? '',
    sub: join.error && join.variables === channel.id ? toFailure(join.error).detail : `Channel, ${channel.memberCount} ${channel.memberCount === 1 ? 'member' : 'members'}. Join`,
    run: () => join.mutate(channel.id),
  }));
  const deeds: Choice[] = [
    ...(query ? [{ key: 'search', start: <Icon name="search" />, title: `Search messages for “${query}”`, run: () => (onClose(), navigate(routes.search(query))) }] : []),
    ...(query ? [] : [
      { key: 'direct', start: <Icon name="user" />, title: 'Write to someone', run: () => onOverlay('direct') },
      { key: 'group', start: <Icon name="users" />, title: 'New group', run: () => onOverlay('group') },
    ]),
  ];
  return [...conversations, ...strangers, ...open, ...deeds];
}
