import { useEffect, useState } from 'react';
import { Button } from '../../../components/Button';
import { SendingRing } from '../../../components/Glass';
import { Icon } from '../../../components/Icon';
import { Strip } from '../../../components/Note';
import { useToast } from '../../../components/Toast';
import { count } from '../../../components/time';
import { useClient, useConnection } from '../../../lib';

const GRACE_MS = 1500;

/** How the connection is, when it is not well. Short troubles are not worth a word. */
export function ConnectionStrip() {
  const client = useClient();
  const { state, waiting, updateNeeded } = useConnection();
  const troubled = state.status !== 'online' && !(state.status === 'connecting' && waiting === 0);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!troubled) return setShown(false);
    const timer = setTimeout(() => setShown(true), state.status === 'offline' ? 0 : GRACE_MS);
    return () => clearTimeout(timer);
  }, [troubled, state.status]);

  if (updateNeeded)
    return (
      <Strip tone="info" icon={<Icon name="refresh" size="s" />} action={<Button size="s" onClick={() => location.reload()}>Update</Button>}>
        <b>Something new arrived</b> that this version cannot show.
      </Strip>
    );
  if (!shown) return null;
  const again = (
    <Button size="s" onClick={() => client.reconnectNow()}>
      Try now
    </Button>
  );
  if (state.status === 'offline')
    return (
      <Strip tone="warn" icon={<Icon name="cloudoff" size="s" />} action={again}>
        <b>You’re offline.</b> {waiting > 0 && <Waiting waiting={waiting} />}
      </Strip>
    );
  if (state.status === 'closed')
    return (
      <Strip tone="warn" icon={<Icon name="warn" size="s" />} action={again}>
        <b>This device was disconnected.</b> {state.code === 'session_ended' ? 'Its session was ended on another device.' : ''}
      </Strip>
    );
  return (
    <Strip tone="info" icon={<SendingRing />} action={again}>
      <b>Reconnecting.</b>{' '}
      {state.status === 'reconnecting' && (
        <>
          {state.reason === 'asked' && <span className="desk-only">The server asked for a moment, </span>}
          <Countdown until={state.retryAt} />
        </>
      )}{' '}
      {waiting > 0 && <Waiting waiting={waiting} />}
    </Strip>
  );
}

function Waiting({ waiting }: { readonly waiting: number }) {
  return (
    <>
      {count(waiting, 'message')} {waiting === 1 ? 'waits' : 'wait'} here<span className="desk-only"> and {waiting === 1 ? 'goes' : 'go'} out by {waiting === 1 ? 'itself' : 'themselves'}</span>.
    </>
  );
}

function Countdown({ until }: { readonly until: number }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  return <>{seconds > 0 ? `Next try in ${seconds} s.` : 'Trying now.'}</>;
}

/** "Caught up, 12 new messages", once the connection is back and what was missed is here. */
export function useBackToast() {
  const toast = useToast();
  const { state } = useConnection();
  const [wasAway, setWasAway] = useState(false);
  const away = state.status === 'offline' || state.status === 'reconnecting';
  const missed = state.status === 'online' && state.caughtUp ? state.missed : undefined;
  useEffect(() => {
    if (away) setWasAway(true);
    else if (missed !== undefined && wasAway) {
      setWasAway(false);
      if (missed > 0) toast({ text: `Caught up, ${count(missed, 'new message')}.` });
    }
  }, [away, missed, wasAway, toast]);
}
