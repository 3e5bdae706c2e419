import { Field } from '../../../components/Field';
import type { SignInFlow } from '../hooks/useSignInFlow';

/** The code by which new people come in where the server asks for one; who is in already needs none. */
export function InviteField({ flow }: { readonly flow: SignInFlow }) {
  return (
    <Field
      label="Invite code"
      icon="ticket"
      value={flow.invite}
      maxLength={200}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      help="Only new people need one."
      onChange={event => flow.setInvite(event.target.value)}
    />
  );
}
