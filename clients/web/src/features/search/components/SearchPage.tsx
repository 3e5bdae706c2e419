import { useEffect, useState } from 'react';
import { Link, useLocation, useSearch as useQueryString } from 'wouter';
import { routes } from '../../../app/routes';
import { Button, IconButton } from '../../../components/Button';
import { Field } from '../../../components/Field';
import { Note } from '../../../components/Note';
import { listTime } from '../../../components/time';
import { toFailure, useConversationItem, useSearch, type ConversationItem, type SearchHit } from '../../../lib';
import { useDebounced } from '../../people/hooks/useDebounced';
import { PersonAvatarById, PersonNameById } from '../../people/components/Person';
import { useTitle } from '../../people/hooks/useTitle';
import { Highlighted } from './Highlighted';

const OPERATORS = ['from: a person', 'in: a conversation', 'has: file, image, link, poll', 'before: date', 'after: date', '"exact words"'];

export function SearchPage() {
  const [, navigate] = useLocation();
  const asked = new URLSearchParams(useQueryString()).get('q') ?? '';
  const [text, setText] = useState(asked);
  const query = useDebounced(text, 250);
  useEffect(() => {
    if (query !== asked) navigate(routes.search(query), { replace: true });
  }, [query, asked, navigate]);
  const found = useSearch(query);
  const hits = found.data?.pages.flatMap(page => page.items) ?? [];
  return (
    <main className="sheet main">
      <div className="head search-head">
        <IconButton icon="cleft" label="Back" only="phone" onClick={() => navigate(routes.home)} />
        <div className="search-field">
          {/* Opening the search is asking for its field. */}
          {/* eslint-disable-next-line jsx-a11y/no-autofocus */}
          <Field label="Search messages" hideLabel icon="search" type="search" placeholder="Search messages" value={text} autoFocus onChange={event => setText(event.target.value)} />
        </div>
        <IconButton icon="x" label="Close" only="desk" onClick={() => navigate(routes.home)} />
      </div>
      <div className="search-body">
        <div className="search-col">
          {found.isError && (
            <Note tone="danger" live>
              {toFailure(found.error).detail}
            </Note>
          )}
          <ul aria-label="Messages found">
            {hits.map(hit => (
              <li key={hit.message.messageId}>
                <Hit hit={hit} />
              </li>
            ))}
          </ul>
          {found.hasNextPage && (
            <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              Show more
            </Button>
          )}
          {query.trim() !== '' && found.isSuccess && hits.length === 0 && (
            <p className="side-note" role="status">
              Nothing says “{query.trim()}” here.
            </p>
          )}
          <div className="card search-help">
            <span className="strong small">Narrow it</span>
            <div className="row wrap small">
              {OPERATORS.map(one => (
                <span key={one} className="dim mono">
                  {one}
                </span>
              ))}
            </div>
          </div>
        </div>
      </div>
    </main>
  );
}

function Hit({ hit }: { readonly hit: SearchHit }) {
  const { message } = hit;
  const item = useConversationItem(message.conversationId);
  return (
    <Link href={`${routes.conversation(message.conversationId)}?m=${message.messageId}`} className="hit">
      <PersonAvatarById id={message.sender} size="x24" />
      <div className="t1">
        <span className="strong">
          <PersonNameById id={message.sender} />
        </span>{' '}
        {item && <InConversation item={item} />}
      </div>
      <span className="tiny dim3 nums">{listTime(message.at)}</span>
      <div className="tx" dir="auto">
        <Highlighted text={hit.snippet} marks={hit.highlights} />
      </div>
    </Link>
  );
}

function InConversation({ item }: { readonly item: ConversationItem }) {
  const title = useTitle(item);
  return <span className="dim3">in {item.peer ? 'your chat' : title}</span>;
}
