import type { ReactNode } from 'react';
import { Dialog } from '../../../components/Dialog';
import { ago } from '../../../components/time';
import { useEdits, useReactors, type ConversationItem, type MessageItem } from '../../../lib';
import { PersonAvatarById, PersonNameById } from '../../people/components/Person';

export interface DetailsDialogProps {
  readonly item: MessageItem;
  readonly conversation: ConversationItem;
  readonly onClose: () => void;
}

/** What a bubble has no room for: who read it, who reacted how, and what it said before. */
export function DetailsDialog({ item, conversation, onClose }: DetailsDialogProps) {
  const { message } = item;
  const readers = item.mine ? (conversation.receipts ?? []).filter(mark => mark.userId !== message.sender && mark.readSeq >= message.seq) : [];
  const reactions = message.reactions ?? [];
  return (
    <Dialog title="About this message" onClose={onClose}>
      <Section title="Sent">
        <div className="prow">
          <PersonAvatarById id={message.sender} size="x32" />
          <span className="grow">
            <PersonNameById id={message.sender} />
            <time className="tiny dim3 block" dateTime={message.at}>
              {new Date(message.at).toLocaleString()}
            </time>
          </span>
        </div>
      </Section>
      {readers.length > 0 && (
        <Section title="Read by">
          {readers.map(mark => (
            <Person key={mark.userId} id={mark.userId} />
          ))}
        </Section>
      )}
      {reactions.map(one => (
        <Section key={one.key} title={`${one.key} ${one.count}`}>
          <Reactors item={item} emoji={one.key} total={one.count} />
        </Section>
      ))}
      {message.editedAt && (
        <Section title="Edited">
          <Edits item={item} />
        </Section>
      )}
    </Dialog>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title}>
      <div className="ptitle">
        <span>{title}</span>
      </div>
      {children}
    </section>
  );
}

function Person({ id }: { readonly id: string }) {
  return (
    <div className="prow">
      <PersonAvatarById id={id} size="x32" />
      <span className="grow t1">
        <PersonNameById id={id} />
      </span>
    </div>
  );
}

function Reactors({ item, emoji, total }: { readonly item: MessageItem; readonly emoji: string; readonly total: number }) {
  const { data, isError } = useReactors(item.message.conversationId, item.message.messageId, emoji, total);
  if (isError) return <Unknown />;
  const people = data?.items ?? [];
  const more = total - people.length;
  return (
    <>
      {people.map(id => (
        <Person key={id} id={id} />
      ))}
      {data && more > 0 && <p className="small dim">and {more} more</p>}
    </>
  );
}

/** Oldest first, as it was read. */
function Edits({ item }: { readonly item: MessageItem }) {
  const { data, isError } = useEdits(item.message.conversationId, item.message.messageId, item.message.editedAt);
  if (isError) return <Unknown />;
  return (
    <ol className="plain">
      {(data ?? []).map(edit => (
        <li key={edit.seq} className="prow">
          <span className="grow">
            <span className="block" dir="auto">
              {edit.content?.text ?? <span className="dim">These words were erased.</span>}
            </span>
            <time className="tiny dim3 block" dateTime={edit.at}>
              {ago(edit.at)}
            </time>
          </span>
        </li>
      ))}
    </ol>
  );
}

function Unknown() {
  return (
    <p className="small dim" role="alert">
      The server didn’t tell. Close this and try again.
    </p>
  );
}
