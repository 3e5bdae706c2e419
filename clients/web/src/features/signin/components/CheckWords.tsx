import { useState } from 'react';
import { Button } from '../../../components/Button';
import { Field } from '../../../components/Field';
import { Note } from '../../../components/Note';
import type { RecoveryKey } from '../../../lib';
import { pickThree } from '../check';
import type { SignInFlow } from '../hooks/useSignInFlow';
import { PassphraseFields, usePassphrase } from './Passphrase';
import { Steps } from './Gate';
import { InviteField } from './InviteField';

/** Three of the twelve, to be sure that they were written down. */
export function CheckWords({ recovery, flow, onBack }: { readonly recovery: RecoveryKey; readonly flow: SignInFlow; readonly onBack: () => void }) {
  const words = recovery.words?.split(' ') ?? [];
  const [asked] = useState(() => pickThree(words.length));
  const [answers, setAnswers] = useState<Record<number, string>>({});
  const [checked, setChecked] = useState(false);
  const passphrase = usePassphrase();
  const wrong = asked.filter(index => answers[index]?.trim().toLowerCase() !== words[index]);
  const submit = () => {
    setChecked(true);
    if (wrong.length === 0 && passphrase.ready) flow.keepAndEnter(recovery, passphrase.value);
  };
  return (
    <form
      className="gate-form"
      autoComplete="off"
      onSubmit={event => {
        event.preventDefault();
        submit();
      }}
    >
      <Steps step={3} of={3} onBack={onBack} />
      <div className="mid">
        <h2>Three of your words</h2>
        <p className="lead">From the paper, so that you know it is right.</p>
        <div className="stacked">
          {asked.map((index, place) => (
            <Field
              key={index}
              label={`Word ${index + 1}`}
              size="l"
              value={answers[index] ?? ''}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              // The form is a step that was asked for; its first field is the next thing to do.
              // eslint-disable-next-line jsx-a11y/no-autofocus
              autoFocus={place === 0}
              problem={checked && wrong.includes(index) ? `This is not word ${index + 1}.` : undefined}
              onChange={event => {
                setAnswers({ ...answers, [index]: event.target.value });
                setChecked(false);
              }}
            />
          ))}
          <PassphraseFields passphrase={passphrase} />
          {flow.inviteAsked && <InviteField flow={flow} />}
          {flow.problem && (
            <Note tone="danger" live>
              {flow.problem}
            </Note>
          )}
        </div>
      </div>
      <div className="gate-deeds">
        <Button type="submit" size="l" look="primary" wide busy={flow.busy} disabled={asked.some(index => !answers[index]?.trim())}>
          Come in
        </Button>
      </div>
    </form>
  );
}
