import { EmptyState } from '../../../components/Note';
import { useConversations } from '../../../lib';
import { ConversationList } from './ConversationList';

/** Conversations in which somebody means you. */
export function MentionsPage() {
  const list = useConversations();
  const items = list.items.filter(item => item.mentions > 0);
  return (
    <main className="sheet main mentions">
      <header className="head">
        <h1 className="grow">Mentions</h1>
      </header>
      {list.loaded && items.length === 0 ? (
        <EmptyState title="Nobody waits for you">
          <p>When somebody writes your name, the conversation stands here until you read it.</p>
        </EmptyState>
      ) : (
        <ConversationList id="mentions-list" items={items} loaded={list.loaded} here={undefined} empty="" />
      )}
    </main>
  );
}
