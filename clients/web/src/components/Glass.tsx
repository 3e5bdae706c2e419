import type { SendState } from '../lib';

const WORDS: Record<SendState, string> = {
  waiting: 'Waiting on this device',
  sending: 'Sending',
  stored: 'Stored on the server',
  delivered: 'Delivered',
  read: 'Read',
  failed: 'Not sent',
};

/** The glass that fills: how far an own message is, by facts from the server. */
export function Glass({ state, label }: { readonly state: SendState; readonly label?: string }) {
  const words = label ?? WORDS[state];
  const shape = state === 'waiting' ? 'sending' : state;
  return (
    <svg className={`drop drop-${state === 'waiting' ? 'queued' : state}`} viewBox="0 0 14 14" role="img" aria-label={words}>
      <title>{words}</title>
      {shape === 'sending' && <Ring dashed />}
      {(shape === 'stored' || shape === 'delivered') && <Ring />}
      {shape === 'delivered' && <path className="drop-level" d="M2 7h10a5 5 0 0 1-10 0Z" fill="currentColor" />}
      {shape === 'read' && <circle cx="7" cy="7" r="5.75" fill="currentColor" />}
      {shape === 'failed' && (
        <>
          <circle cx="7" cy="7" r="6.25" fill="currentColor" />
          <path d="M7 3.7v3.8M7 10v.01" stroke="var(--sheet)" strokeWidth="1.7" strokeLinecap="round" />
        </>
      )}
    </svg>
  );
}

function Ring({ dashed }: { readonly dashed?: boolean }) {
  return (
    <circle
      cx="7"
      cy="7"
      r="5"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      {...(dashed && { strokeDasharray: '2.6 2.64', strokeLinecap: 'round' as const })}
    />
  );
}

/** A turning ring without words, inside something that says what is going on. */
export function SendingRing() {
  return (
    <svg className="drop drop-sending" viewBox="0 0 14 14" aria-hidden="true">
      <Ring dashed />
    </svg>
  );
}
