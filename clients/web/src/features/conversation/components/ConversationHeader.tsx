import { Link, useLocation } from 'wouter';
import { routes } from '../../../app/routes';
import { IconButton } from '../../../components/Button';
import { ago, count } from '../../../components/time';
import { useConnection, usePresence, type ConversationItem } from '../../../lib';
import { ConversationAvatar } from '../../people/components/ConversationAvatar';
import { useMe } from '../../people/hooks/usePerson';
import { useTitle } from '../../people/hooks/useTitle';

export function ConversationHeader({ item, panelOpen }: { readonly item: ConversationItem; readonly panelOpen: boolean }) {
  const title = useTitle(item);
  const [, navigate] = useLocation();
  const about = panelOpen ? routes.conversation(item.id) : routes.about(item.id);
  return (
    <header className="head">
      <IconButton icon="cleft" label="Back" only="phone" onClick={() => navigate(routes.home)} />
      <Link href={routes.about(item.id)} className="head-title">
        <ConversationAvatar item={item} size="x32" presence />
        <div className="grow">
          <h1 className="t1">
            <bdi>{title}</bdi>
          </h1>
          <div className="sub t1">
            <SubTitle item={item} />
          </div>
        </div>
      </Link>
      <IconButton icon="search" label="Search in this conversation" shortcut="Ctrl F" only="desk" onClick={() => navigate(routes.search(`in:${item.id} `))} />
      <IconButton icon="info" label="About this conversation" on={panelOpen} aria-expanded={panelOpen} onClick={() => navigate(about)} />
    </header>
  );
}

function SubTitle({ item }: { readonly item: ConversationItem }) {
  const me = useMe();
  if (item.peer === me.userId) return 'Only you can read this';
  if (item.peer) return <PeerState id={item.peer} />;
  return (
    <>
      {count(item.memberCount, 'member')}
      {item.topic && <>, {item.topic}</>}
    </>
  );
}

function PeerState({ id }: { readonly id: string }) {
  const presence = usePresence(id);
  const online = useConnection().state.status === 'online';
  if (!online || presence.status === 'unknown') return ' ';
  if (presence.status === 'online') return 'here now';
  return presence.lastSeen ? `last here ${ago(presence.lastSeen)}` : 'not here';
}
