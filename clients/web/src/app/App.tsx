import { Suspense, lazy, type ReactNode } from 'react';
import { Button } from '../components/Button';
import { EmptyState } from '../components/Note';
import { Late } from '../components/Skeleton';
import { Mark } from '../components/Brand';
import { ToastProvider } from '../components/Toast';
import { SignInPage } from '../features/signin/components/SignInPage';
import { CoolChatProvider, useClient, useSession, type CoolChatClient } from '../lib';
import { ErrorBoundary } from './ErrorBoundary';
import { Shell } from './Shell';

// The gallery of components is for development: it is not in the product's bundle.
const Gallery = import.meta.env.DEV ? lazy(() => import('../gallery/Gallery')) : undefined;

export function App({ client }: { readonly client: CoolChatClient }) {
  if (Gallery && location.pathname.startsWith('/gallery'))
    return (
      <Suspense>
        <Gallery />
      </Suspense>
    );
  return (
    <Frame client={client}>
      <Door />
    </Frame>
  );
}

export function Frame({ client, children }: { readonly client: CoolChatClient; readonly children: ReactNode }) {
  return (
    <ErrorBoundary>
      <CoolChatProvider client={client}>
        <ToastProvider>{children}</ToastProvider>
      </CoolChatProvider>
    </ErrorBoundary>
  );
}

/** Which side of the door one is on. */
export function Door() {
  const session = useSession();
  switch (session.status) {
    case 'signedIn':
      return <Shell key={session.user.userId} />;
    case 'signedOut':
      return <SignInPage reason={session.reason} />;
    case 'unreachable':
      return <Unreachable detail={session.failure.detail} />;
    case 'starting':
      return (
        <div className="plain-page" aria-busy="true">
          <Late>
            <div className="center">
              <span className="bigmark">
                <Mark />
              </span>
            </div>
          </Late>
        </div>
      );
  }
}

function Unreachable({ detail }: { readonly detail: string }) {
  const client = useClient();
  return (
    <div className="plain-page">
      <main className="sheet main">
        <EmptyState
          title="The server can’t be reached"
          actions={
            <Button look="primary" size="l" icon="refresh" onClick={() => client.reconnectNow()}>
              Try again
            </Button>
          }
        >
          <p>You are still signed in, and what you wrote is safe on this device. It tries again by itself.</p>
          <p className="tiny trace">{detail}</p>
        </EmptyState>
      </main>
    </div>
  );
}
