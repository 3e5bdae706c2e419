import { useState } from 'react';
import { useLocation } from 'wouter';
import { routes } from '../../../app/routes';
import { Address } from '../../../components/Address';
import { Tag } from '../../../components/Badge';
import { Button } from '../../../components/Button';
import { Menu, type MenuItem } from '../../../components/Menu';
import { anchorOf, type Anchor } from '../../../components/placement';
import { useToast } from '../../../components/Toast';
import { count } from '../../../components/time';
import { toFailure, useClient, useMembers, useProfile, type ConversationItem, type Member, type Role } from '../../../lib';
import { PersonAvatar, PersonName } from '../../people/components/Person';
import { useMe } from '../../people/hooks/usePerson';

const RANK: Record<Role, number> = { owner: 0, admin: 1, member: 2 };
const byRank = (a: Member, b: Member) => RANK[a.role] - RANK[b.role];

export function MemberList({ item }: { readonly item: ConversationItem }) {
  const more = useMembers(item.id, item.membershipVersion);
  const [asked, setAsked] = useState<{ member: Member; anchor: Anchor }>();
  const fetched = more.data?.pages.flatMap(page => page.items) ?? [];
  const members = [...(item.members ?? fetched)].sort(byRank);
  return (
    <>
      <div className="ptitle">
        <span>{count(item.memberCount, 'member')}</span>
      </div>
      {members.map(member => (
        <MemberRow key={member.userId} member={member} onAsk={anchor => setAsked({ member, anchor })} />
      ))}
      {!item.members && more.hasNextPage && (
        <Button size="s" busy={more.isFetchingNextPage} onClick={() => void more.fetchNextPage()}>
          Show more
        </Button>
      )}
      {asked && <MemberMenu item={item} member={asked.member} anchor={asked.anchor} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function MemberRow({ member, onAsk }: { readonly member: Member; readonly onAsk: (anchor: Anchor) => void }) {
  const me = useMe();
  const profile = useProfile(member.userId);
  const self = member.userId === me.userId;
  return (
    <button type="button" className="prow" disabled={self} aria-haspopup="menu" onClick={event => onAsk(anchorOf(event.currentTarget))}>
      <PersonAvatar profile={profile} id={member.userId} size="x32" presence />
      <span className="grow">
        <span className="t1 block">
          <PersonName profile={profile} /> {self && <span className="dim3">you</span>}
        </span>
        <span className="tiny dim3 t1 block">{profile && <Address of={profile.address} />}</span>
      </span>
      {member.role === 'owner' && <Tag tone="a">owner</Tag>}
      {member.role === 'admin' && <Tag>moderator</Tag>}
    </button>
  );
}

function MemberMenu({ item, member, anchor, onClose }: { item: ConversationItem; member: Member; anchor: Anchor; onClose: () => void }) {
  const client = useClient();
  const toast = useToast();
  const [, navigate] = useLocation();
  const actions = client.conversations.get(item.id);
  const tell = (work: Promise<unknown>) => void work.catch((error: unknown) => toast({ text: toFailure(error).detail, icon: 'warn' }));
  const owner = item.role === 'owner';
  const mayRemove = owner || (item.role === 'admin' && member.role === 'member');
  const role = (to: Role): MenuItem['onSelect'] => () => tell(actions.setRole(member.userId, to));
  const items: (MenuItem | 'line' | false)[] = [
    { icon: 'chat', label: 'Write to them', onSelect: () => tell(client.conversations.openDirect(member.userId).then(id => navigate(routes.conversation(id)))) },
    owner && member.role === 'member' && { icon: 'shield', label: 'Make a moderator', onSelect: role('admin') },
    owner && member.role === 'admin' && { icon: 'user', label: 'Make a plain member', onSelect: role('member') },
    owner && { icon: 'key', label: 'Hand the group over', onSelect: role('owner') },
    mayRemove && 'line',
    mayRemove && { icon: 'x', label: 'Remove from here', danger: true, onSelect: () => tell(actions.removeMember(member.userId)) },
  ];
  return <Menu label="Member" anchor={anchor} items={items.filter(one => one !== false)} onClose={onClose} />;
}
