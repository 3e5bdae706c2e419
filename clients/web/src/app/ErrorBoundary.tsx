import { Component, type ReactNode } from 'react';
import { Button } from '../components/Button';
import { EmptyState } from '../components/Note';

/** A bug in the page must not be a white page: what was sent is on the server, what waits is on this device. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly error?: Error }> {
  override state: { readonly error?: Error } = {};

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div className="plain-page">
        <main className="sheet main">
          <EmptyState
            title="Something broke on this page"
            actions={
              <Button look="primary" size="l" icon="refresh" onClick={() => location.reload()}>
                Load it again
              </Button>
            }
          >
            <p>Nothing was lost: your messages are on the server, and what waits is kept on this device.</p>
            <p className="tiny mono trace">{error.message}</p>
          </EmptyState>
        </main>
      </div>
    );
  }
}
