import { useQueryClient } from '@tanstack/react-query';
import { Tag } from '../../../components/Badge';
import { Button } from '../../../components/Button';
import { Icon } from '../../../components/Icon';
import { Note } from '../../../components/Note';
import { Row, Rows } from '../../../components/Rows';
import { Bone, Late } from '../../../components/Skeleton';
import { ago } from '../../../components/time';
import { toFailure, useClient, useDeviceSessions, type DeviceSession } from '../../../lib';
import { useDeed } from '../../people/hooks/useDeed';

const isPhone = (device: string) => /phone|android|mobile/i.test(device);

export function DeviceSettings() {
  const client = useClient();
  const queries = useQueryClient();
  const sessions = useDeviceSessions();
  const deed = useDeed();
  const end = (work: () => Promise<void>) =>
    deed.run(async () => {
      await work();
      await queries.invalidateQueries({ queryKey: ['sessions'] });
    });
  const current = sessions.data?.find(one => one.current);
  const others = sessions.data?.filter(one => !one.current) ?? [];
  return (
    <>
      <h1>Devices</h1>
      <p className="dim settings-lead">Ending a session here ends it within seconds.</p>
      {sessions.isPending && (
        <Late>
          <Bone blockSize={60} borderRadius={12} />
        </Late>
      )}
      {sessions.isError && (
        <Note tone="danger" live action={<Button size="s" onClick={() => void sessions.refetch()}>Try again</Button>}>
          {toFailure(sessions.error).detail}
        </Note>
      )}
      {current && (
        <>
          <h2>This device</h2>
          <Rows>
            <Row
              start={<Icon name={isPhone(current.device) ? 'phone' : 'laptop'} />}
              title={current.device}
              detail="here now"
              end={
                <>
                  <Tag tone="ok">active</Tag>
                  <Button size="s" onClick={() => deed.run(() => client.account.signOut())}>
                    Sign out
                  </Button>
                </>
              }
            />
          </Rows>
        </>
      )}
      {others.length > 0 && (
        <>
          <h2>Others</h2>
          <Rows>
            {others.map(one => (
              <OtherDevice key={one.id} session={one} busy={deed.busy} onEnd={() => end(() => client.account.endSession(one.id))} />
            ))}
          </Rows>
          <div className="row between wrap settings-after">
            <span className="small dim">Sessions end by themselves after 30 days without use.</span>
            <Button look="danger" disabled={deed.busy} onClick={() => end(() => client.account.endOtherSessions())}>
              End all others
            </Button>
          </div>
        </>
      )}
      {deed.problem && (
        <Note tone="danger" live>
          {deed.problem}
        </Note>
      )}
    </>
  );
}

function OtherDevice({ session, busy, onEnd }: { readonly session: DeviceSession; readonly busy: boolean; readonly onEnd: () => void }) {
  return (
    <Row
      start={<Icon name={isPhone(session.device) ? 'phone' : 'laptop'} />}
      title={session.device}
      detail={session.lastSeenAt ? ago(session.lastSeenAt) : `since ${ago(session.createdAt)}`}
      end={
        <Button size="s" disabled={busy} aria-label={`End the session on ${session.device}`} onClick={onEnd}>
          End
        </Button>
      }
    />
  );
}
