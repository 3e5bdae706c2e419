import type { ReactNode } from 'react';
import { Avatar, type AvatarKind } from '../../../components/avatar/Avatar';
import { Wordmark } from '../../../components/Brand';
import { IconButton } from '../../../components/Button';
import { MOSAIC } from '../mosaic';

const KINDS: Record<number, AvatarKind> = { 4: 'group', 11: 'group', 19: 'group', 14: 'contract' };
const YOUR_PLACE = 9;

export interface GateProps {
  readonly children: ReactNode;
  /** One's own address, once it is known: its tile joins the others. */
  readonly you?: string | undefined;
  readonly headline?: string;
  /** On a phone the mosaic makes room for the text. */
  readonly slim?: boolean;
}

export function Gate({ children, you, headline = 'Talk under a name that is really yours.', slim }: GateProps) {
  return (
    <div className="gate">
      <section className={slim ? 'art slim' : 'art'} aria-label="CoolChat">
        <Wordmark />
        <div className="tiles" aria-hidden="true">
          {MOSAIC.map((address, index) =>
            you && index === YOUR_PLACE ? (
              <span className="you" key={address}>
                <Avatar of={you} />
              </span>
            ) : (
              <Avatar key={address} of={address} kind={KINDS[index] ?? 'person'} />
            ),
          )}
        </div>
        <div>
          <h1>{headline}</h1>
          <p className="dim desk-only gate-words">
            Every wallet has its own tile, the same on every server. {you ? 'The ringed one is yours.' : 'Choose yours and it joins the others.'}
          </p>
        </div>
      </section>
      <main className="pane">{children}</main>
    </div>
  );
}

/** Back, and how far one is. */
export function Steps({ step, of, onBack }: { readonly step: number; readonly of: number; readonly onBack?: () => void }) {
  return (
    <div className="row between gate-steps">
      {onBack ? <IconButton icon="cleft" label="Back" onClick={onBack} /> : <span />}
      <span className="steps" role="img" aria-label={`Step ${step} of ${of}`}>
        {Array.from({ length: of }, (_, index) => (
          <i key={index} className={index < step ? 'on' : undefined} />
        ))}
      </span>
    </div>
  );
}
