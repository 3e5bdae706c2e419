import { Button } from '../../../components/Button';
import { Note } from '../../../components/Note';
import type { RecoveryKey } from '../../../lib';
import { Steps } from './Gate';
import { WordList } from './WordList';

export function NewWords({ recovery, serverName, onBack, onDone }: { recovery: RecoveryKey; serverName: string; onBack: () => void; onDone: () => void }) {
  return (
    <>
      <Steps step={2} of={3} onBack={onBack} />
      <div className="mid">
        <h2>Write down these twelve words</h2>
        <p className="lead">They are the only way back if this device is lost. We don’t have a copy, and nobody from {serverName} will ever ask for them.</p>
        <WordList words={recovery.words?.split(' ') ?? []} />
        <Note tone="warn">Paper is better than a picture: pictures travel to clouds.</Note>
      </div>
      <div className="gate-deeds">
        <Button size="l" look="primary" wide onClick={onDone}>
          I wrote them down, ask me three
        </Button>
      </div>
    </>
  );
}
