import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { routes } from '../../../app/routes';
import { Button } from '../../../components/Button';
import { Mark } from '../../../components/Brand';
import { EmptyState, Note } from '../../../components/Note';
import { useAuthConfig } from '../../../lib';
import { useDeed } from '../../people/hooks/useDeed';
import { useClaim } from '../hooks/useClaim';

/** The owner's one-time link, printed by the server at its first start. */
export function ClaimPage() {
  const [, navigate] = useLocation();
  const config = useAuthConfig().data;
  const claim = useClaim();
  const deed = useDeed();
  const name = config?.serverName ?? 'This server';
  const take = () =>
    deed.run(async () => {
      await claim.take();
      navigate(routes.home, { replace: true });
    });
  // A used or unknown link is of no use in the history.
  useEffect(() => {
    if (!claim.token) navigate(routes.home, { replace: true });
  }, [claim.token, navigate]);
  return (
    <main className="sheet main">
      <EmptyState
        icon={
          <span className="bigmark">
            <Mark />
          </span>
        }
        title={`${name} is waiting for its owner`}
        actions={
          <>
            <Button size="l" onClick={() => navigate(routes.home)}>
              Not me
            </Button>
            <Button size="l" look="primary" busy={deed.busy} onClick={take}>
              It’s mine
            </Button>
          </>
        }
      >
        <p>The link you opened comes from the machine that this server runs on. Whoever uses it first owns the server, and it works once.</p>
        {deed.problem && (
          <div className="gate-note after">
            <Note tone="danger" live>
              {deed.problem}
            </Note>
          </div>
        )}
      </EmptyState>
    </main>
  );
}
