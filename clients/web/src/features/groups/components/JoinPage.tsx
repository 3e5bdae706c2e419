import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { routes } from '../../../app/routes';
import { Avatar } from '../../../components/avatar/Avatar';
import { Button } from '../../../components/Button';
import { EmptyState, Note } from '../../../components/Note';
import { count, until } from '../../../components/time';
import { toFailure, useClient } from '../../../lib';
import { useDeed } from '../../people/hooks/useDeed';

/** An invite link: what it leads to, and the step in. */
export function JoinPage({ code }: { readonly code: string }) {
  const client = useClient();
  const [, navigate] = useLocation();
  const deed = useDeed();
  const preview = useQuery({ queryKey: ['invite', code], queryFn: () => client.conversations.previewInvite(code), retry: false });
  const home = <Button onClick={() => navigate(routes.home)}>To your chats</Button>;
  if (preview.isPending) return <main className="sheet main" aria-busy="true" />;
  if (preview.isError)
    return (
      <main className="sheet main">
        <EmptyState title="This invite doesn’t work any more" actions={home}>
          <p>{toFailure(preview.error).code === 'unreachable' ? 'The server can’t be reached. Try the link again in a moment.' : 'It ended, was used up or was withdrawn. Ask whoever sent it for a new one.'}</p>
        </EmptyState>
      </main>
    );
  const invite = preview.data;
  const join = () =>
    deed.run(async () => {
      const id = await client.conversations.joinByInvite(code);
      navigate(routes.conversation(id), { replace: true });
    });
  return (
    <main className="sheet main">
      <EmptyState
        icon={<Avatar of={invite.conversationId} kind="group" size="x88" />}
        title={invite.title ?? 'A group'}
        actions={
          <>
            {home}
            <Button look="primary" size="l" busy={deed.busy} onClick={join}>
              Join
            </Button>
          </>
        }
      >
        <p>
          You are invited. {invite.memberCount ? `${count(invite.memberCount, 'member')} so far. ` : ''}The invite works until {until(invite.expiresAt)}.
        </p>
        {deed.problem && (
          <Note tone="danger" live>
            {deed.problem}
          </Note>
        )}
      </EmptyState>
    </main>
  );
}
