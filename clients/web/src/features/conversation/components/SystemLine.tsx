import { Fragment } from 'react';
import { count } from '../../../components/time';
import type { SystemItem, Uuid } from '../../../lib';
import { PersonName } from '../../people/components/Person';
import { useMe } from '../../people/hooks/usePerson';
import { useProfile } from '../../../lib';

function Who({ id, object }: { readonly id: Uuid; readonly object?: boolean }) {
  const me = useMe();
  const profile = useProfile(id);
  if (id === me.userId) return object ? 'you' : 'You';
  return <PersonName profile={profile} />;
}

function People({ ids }: { readonly ids: readonly Uuid[] }) {
  const shown = ids.slice(0, 2);
  const more = ids.length - shown.length;
  return (
    <>
      {shown.map((id, index) => (
        <Fragment key={id}>
          {index > 0 && (more > 0 ? ', ' : ' and ')}
          <Who id={id} object />
        </Fragment>
      ))}
      {more > 0 && ` and ${count(more, 'other')}`}
    </>
  );
}

/** What happened, in one quiet sentence. */
export function SystemLine({ item }: { readonly item: SystemItem }) {
  return <div className="sys">{sentence(item)}</div>;
}

function sentence({ sender, change }: SystemItem) {
  const by = <Who id={sender} />;
  switch (change.type) {
    case 'created':
      return <>{by} started this conversation</>;
    case 'added':
      return change.members.length === 1 && change.members[0]?.userId === sender ? (
        <>{by} joined{change.via === 'invite' ? ' by an invite link' : ''}</>
      ) : (
        <>
          {by} added <People ids={change.members.map(member => member.userId)} />
        </>
      );
    case 'left':
      return (
        <>
          <Who id={change.userId} /> left
        </>
      );
    case 'removed':
      return (
        <>
          {by} removed <Who id={change.userId} object />
        </>
      );
    case 'role':
      return (
        <>
          {by} made <Who id={change.userId} object /> {change.role === 'member' ? 'a member' : change.role === 'admin' ? 'a moderator' : 'the owner'}
        </>
      );
    case 'title':
      return (
        <>
          {by} named it “<bdi>{change.title}</bdi>”
        </>
      );
    case 'topic':
      return change.topic ? (
        <>
          {by} set the topic: <bdi>{change.topic}</bdi>
        </>
      ) : (
        <>{by} cleared the topic</>
      );
    case 'picture':
      return <>{by} changed the picture</>;
    case 'settings':
      return <>{by} changed the settings</>;
    case 'pinned':
      return <>{by} pinned a message</>;
    case 'unpinned':
      return <>{by} unpinned a message</>;
    case 'unknown':
      return <>Something happened here that this version cannot show. Update to see it.</>;
  }
}
