import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { routes } from '../../../app/routes';
import { Address } from '../../../components/Address';
import { Mark } from '../../../components/Brand';
import { IconButton } from '../../../components/Button';
import { Tabs } from '../../../components/Choices';
import { Icon } from '../../../components/Icon';
import { MenuButton } from '../../../components/MenuButton';
import { PHONE, useMedia } from '../../../components/useMedia';
import { useAuthConfig, useConversations } from '../../../lib';
import { ConnectionStrip } from '../../conversation/components/ConnectionStrip';
import { PersonAvatar, PersonName } from '../../people/components/Person';
import { useMe } from '../../people/hooks/usePerson';
import { ConversationList } from './ConversationList';

type Folder = 'all' | 'unread' | 'groups' | 'archive';

const EMPTY: Record<Folder, string> = {
  all: 'No conversations yet. The pencil above starts one.',
  unread: 'All read. The sea is flat.',
  groups: 'No groups yet.',
  archive: 'Nothing is put away here.',
};

export interface SidebarProps {
  readonly here: string | undefined;
  readonly onNewDirect: () => void;
  readonly onNewGroup: () => void;
  readonly onFind: () => void;
}

export function Sidebar({ here, onNewDirect, onNewGroup, onFind }: SidebarProps) {
  const config = useAuthConfig().data;
  const list = useConversations();
  const [folder, setFolder] = useState<Folder>('all');
  // Elsewhere it stands over the conversation, which a phone does not show beside the list.
  const phone = useMedia(PHONE);
  const live = list.items.filter(item => !item.archived);
  const unread = live.filter(item => item.unread > 0 || item.markedUnread);
  const shown = {
    all: live,
    unread: live.filter(item => item.unread > 0 || item.markedUnread || item.id === here),
    groups: live.filter(item => item.kind !== 'direct'),
    archive: list.items.filter(item => item.archived),
  }[folder];
  const hasArchive = list.items.length > live.length;
  return (
    <nav className="side" aria-label="Conversations">
      <div className="side-head">
        <Mark />
        <span className="name t1 grow">{config?.serverName ?? 'CoolChat'}</span>
        <MenuButton
          icon="compose"
          label="New conversation"
          items={[
            { icon: 'user', label: 'Write to someone', onSelect: onNewDirect },
            { icon: 'users', label: 'New group', onSelect: onNewGroup },
          ]}
        />
      </div>
      <div className="side-search">
        <button type="button" className="field quiet" onClick={onFind}>
          <Icon name="search" size="s" />
          <span className="grow">Find or jump to</span>
          <span className="kbd desk-only">Ctrl K</span>
        </button>
      </div>
      {phone && list.items.length > 0 && <ConnectionStrip />}
      {live.length > 3 && (
        <Tabs
          label="Folders"
          controls="conversation-list"
          value={folder}
          onChange={setFolder}
          options={[
            { value: 'all', label: 'All' },
            { value: 'unread', label: 'Unread', ...(unread.length > 0 && { hint: unread.length }) },
            { value: 'groups', label: 'Groups' },
            ...(hasArchive ? [{ value: 'archive' as const, label: 'Archive' }] : []),
          ]}
        />
      )}
      <ConversationList id="conversation-list" items={shown} loaded={list.loaded} here={here} empty={EMPTY[folder]} />
      <SideFoot />
    </nav>
  );
}

function SideFoot() {
  const me = useMe();
  const [, navigate] = useLocation();
  return (
    <div className="side-foot">
      <PersonAvatar profile={me} id={me.userId} size="x28" presence />
      <Link className="grow" href={routes.settings('profile')}>
        <div className="t1 small strong">{me.displayName ? <PersonName profile={me} /> : 'Choose a name'}</div>
        <div className="t1 tiny dim3">
          <Address of={me.address} />
        </div>
      </Link>
      <IconButton icon="gear" label="Settings" shortcut="Ctrl ," onClick={() => navigate(routes.settings('profile'))} />
    </div>
  );
}
