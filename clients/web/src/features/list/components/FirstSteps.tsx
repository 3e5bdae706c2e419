import { useLocation } from 'wouter';
import { routes } from '../../../app/routes';
import { Mark } from '../../../components/Brand';
import { Button } from '../../../components/Button';
import { EmptyState } from '../../../components/Note';
import { Icon } from '../../../components/Icon';
import type { IconName } from '../../../components/icons';
import { useAuthConfig, useConversations, useSignIn } from '../../../lib';
import { useMe } from '../../people/hooks/usePerson';
import { useChannels, useJoinChannel } from '../../search/hooks/useChannels';
import { ConnectionStrip } from '../../conversation/components/ConnectionStrip';

export interface FirstStepsProps {
  readonly onNewDirect: () => void;
  readonly onNewGroup: () => void;
}

/** Beside the list while no conversation is open; for somebody new: what to do first. */
export function FirstSteps({ onNewDirect, onNewGroup }: FirstStepsProps) {
  const me = useMe();
  const list = useConversations();
  const name = useAuthConfig().data?.serverName ?? 'CoolChat';
  const [, navigate] = useLocation();
  const { deviceKey } = useSignIn();
  const channels = useChannels('');
  const join = useJoinChannel(id => navigate(routes.conversation(id)));
  const mark = (
    <span className="bigmark">
      <Mark />
    </span>
  );
  if (!list.loaded) return <main className="sheet main" aria-busy="true" />;
  if (list.items.some(item => item.peer !== me.userId))
    return (
      <main className="sheet main">
        <ConnectionStrip />
        <div className="center">
          <div className="lone">
            {mark}
            <p>Choose a conversation, or press Ctrl K.</p>
          </div>
        </div>
      </main>
    );
  const owner = me.serverRole === 'owner';
  return (
    <main className="sheet main">
      <ConnectionStrip />
      <EmptyState
        icon={mark}
        title={owner ? `${name} is open, and you’re the first one in` : `Welcome to ${name}`}
        actions={
          <Button look="primary" size="l" icon="compose" onClick={onNewDirect}>
            Write to someone
          </Button>
        }
      >
        <p>{owner ? 'You own this server. It runs on your machine, and so does everything people write here.' : 'Nobody has written to you yet. Begin with someone you know, by name or address.'}</p>
        <div className="first">
          {channels.slice(0, 2).map(channel => (
            <Card
              key={channel.id}
              icon="users"
              title={`Join ${channel.title ?? 'a channel'}`}
              text={channel.topic ?? `${channel.memberCount} ${channel.memberCount === 1 ? 'person talks' : 'people talk'} there.`}
              onClick={() => join.mutate(channel.id)}
            />
          ))}
          <Card icon="users" title="Make a group" text="“Everyone” is a fine name to start with. Then invite people by a link." onClick={onNewGroup} />
          <Card icon="user" title="Choose a name" text="So that people see more than an address." onClick={() => navigate(routes.settings('profile'))} />
          <Card
            icon="shield"
            title="Keep your way back"
            text={deviceKey?.hasWords ? 'Are your recovery words on paper?' : 'Link a second wallet before you need it.'}
            onClick={() => navigate(routes.settings('wallets'))}
          />
        </div>
      </EmptyState>
    </main>
  );
}

function Card({ icon, title, text, onClick }: { icon: IconName; title: string; text: string; onClick: () => void }) {
  return (
    <button type="button" className="card" onClick={onClick}>
      <Icon name={icon} />
      <b>{title}</b>
      <span className="small dim">{text}</span>
    </button>
  );
}
