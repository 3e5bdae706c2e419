import { useProfiles, type Content, type ConversationItem, type MessageView, type Profile, type SendState } from '../../../lib';
import { count } from '../../../components/time';
import { firstNameOf, useMe } from '../../people/hooks/usePerson';

/** What a message is about, in one line. */
export function summaryOf(content: Content | undefined): string {
  if (!content) return '';
  if (content.text) return content.text.replaceAll(/```\w*\n?|[`*~]{1,2}(?=\S)|(?<=\S)[`*~]{1,2}/g, '').replaceAll(/\s+/g, ' ');
  const files = content.attachments ?? [];
  switch (content.type) {
    case 'image':
      return files.length > 1 ? `${files.length} pictures` : 'A picture';
    case 'video':
      return 'A video';
    case 'voice':
      return 'A voice note';
    case 'audio':
      return files[0]?.fileName ?? 'A recording';
    case 'poll':
      return content.poll ? `Poll: ${content.poll.question}` : 'A poll';
    case 'file':
      return files.length > 1 ? count(files.length, 'file') : (files[0]?.fileName ?? 'A file');
    default:
      return 'A message this version cannot show';
  }
}

export function messageSummary(message: MessageView): string {
  if (message.content) return summaryOf(message.content);
  return message.deleted === 'expired' ? 'Message disappeared' : 'Message deleted';
}

export interface Preview {
  readonly text: string;
  readonly kind: 'message' | 'draft' | 'typing' | 'empty';
  readonly at?: string;
  readonly state?: SendState;
}

/** The second line of a row; typing goes before a draft, a draft before the last message. */
export function previewOf(item: ConversationItem, me: string, profiles: ReadonlyMap<string, Profile>, quiet: boolean): Preview {
  const last = item.outgoing?.message ?? item.lastMessage;
  const at = last?.at ?? item.updatedAt;
  const state = item.outgoing?.send?.state ?? (last && last.sender === me && item.peer !== me ? stateOf(item, last) : undefined);
  const common = { at, ...(state && { state }) };
  const typist = item.typing[0];
  if (typist && !quiet) {
    const who = item.peer ? 'typing…' : item.typing.length > 1 ? `${item.typing.length} people are typing…` : `${firstNameOf(profiles.get(typist))} is typing…`;
    return { kind: 'typing', text: who, ...common };
  }
  if (item.draft) return { kind: 'draft', text: item.draft, ...common };
  if (!last) return { kind: 'empty', text: item.peer === me ? 'Only you can read this' : 'Nothing here yet', ...common };
  const who = item.peer ? '' : last.sender === me ? 'You: ' : `${firstNameOf(profiles.get(last.sender))}: `;
  return { kind: 'message', text: who + messageSummary(last), ...common };
}

/** How far the last own message is, from the marks the server sent. */
export function stateOf(item: ConversationItem, message: MessageView): SendState | undefined {
  if (!message.content || message.seq === 0) return undefined;
  const others = (item.receipts ?? []).filter(mark => mark.userId !== message.sender);
  const read = others.filter(mark => mark.readSeq >= message.seq).length;
  if (item.kind === 'direct') {
    if (read > 0) return 'read';
    return others.some(mark => mark.deliveredSeq >= message.seq) ? 'delivered' : 'stored';
  }
  if (read > 0 && read >= item.memberCount - 1) return 'read';
  return read > 0 ? 'delivered' : 'stored';
}

export function usePreview(item: ConversationItem, quiet: boolean): Preview {
  const me = useMe();
  const last = item.outgoing?.message ?? item.lastMessage;
  const profiles = useProfiles(item.peer ? [] : [...new Set([...(last ? [last.sender] : []), ...item.typing])]);
  return previewOf(item, me.userId, profiles, quiet);
}
