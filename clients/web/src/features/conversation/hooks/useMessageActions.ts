import { useMemo } from 'react';
import { useToast } from '../../../components/Toast';
import { toFailure, type ConversationActions, type ConversationItem, type MessageItem } from '../../../lib';

export interface MessageDeeds {
  readonly reply: (item: MessageItem) => void;
  readonly edit: (item: MessageItem) => void;
  readonly askDelete: (item: MessageItem) => void;
  /** Absent inside a thread. */
  readonly thread?: (item: MessageItem) => void;
  readonly forward: (item: MessageItem) => void;
  readonly details: (item: MessageItem) => void;
  readonly react: (item: MessageItem, key: string, add: boolean) => void;
  readonly pin: (item: MessageItem, pinned: boolean) => void;
  readonly vote: (item: MessageItem, options: readonly number[]) => void;
  readonly copy: (item: MessageItem) => void;
  readonly markUnread: (item: MessageItem) => void;
  readonly resend: (item: MessageItem) => void;
  readonly discard: (item: MessageItem) => void;
  readonly jump: (messageId: string) => void;
}

/** What this person may do with a message; the server decides again. */
export interface Rights {
  readonly write: boolean;
  readonly edit: boolean;
  readonly remove: boolean;
  readonly pin: boolean;
}

export function rightsOver(item: MessageItem, conversation: ConversationItem | undefined): Rights {
  const alive = item.message.content !== undefined && item.message.seq > 0;
  const write = canWrite(conversation) && alive;
  const leads = conversation?.role === 'owner' || conversation?.role === 'admin';
  return {
    write,
    edit: write && item.mine && item.message.content?.type !== 'poll' && !item.message.forwardedFrom,
    remove: write && (item.mine || (conversation?.kind !== 'direct' && leads)),
    pin: write && (conversation?.kind === 'direct' || leads),
  };
}

export function canWrite(conversation: ConversationItem | undefined): boolean {
  return conversation !== undefined && !conversation.removed && conversation.role !== undefined;
}

interface Screens {
  readonly onReply: (item: MessageItem) => void;
  readonly onEdit: (item: MessageItem) => void;
  readonly onDelete: (item: MessageItem) => void;
  readonly onThread?: (item: MessageItem) => void;
  readonly onForward: (item: MessageItem) => void;
  readonly onDetails: (item: MessageItem) => void;
  readonly onJump: (messageId: string) => void;
}

export function useMessageActions(actions: ConversationActions, screens: Screens): MessageDeeds {
  const toast = useToast();
  return useMemo(() => {
    // A refusal of these small deeds takes the change back by itself; the sentence says why.
    const tell = (work: Promise<unknown>, done?: string) =>
      void work.then(
        () => done && toast({ text: done }),
        (error: unknown) => toast({ text: toFailure(error).detail, icon: 'warn' }),
      );
    return {
      reply: screens.onReply,
      edit: screens.onEdit,
      askDelete: screens.onDelete,
      ...(screens.onThread && { thread: screens.onThread }),
      forward: screens.onForward,
      details: screens.onDetails,
      jump: screens.onJump,
      react: (item, key, add) => tell(actions.react(item.message.messageId, key, add)),
      pin: (item, pinned) => tell(actions.pin(item.message.messageId, pinned)),
      vote: (item, options) => tell(actions.vote(item.message.messageId, options)),
      copy: item => tell(navigator.clipboard.writeText(item.message.content?.text ?? ''), 'Text copied'),
      markUnread: () => tell(actions.setPreferences({ markedUnread: true }), 'Marked unread'),
      resend: item => actions.resend(item.message.messageId),
      discard: item => actions.discard(item.message.messageId),
    };
    // `screens` is made of state setters and navigation: stable in effect.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [actions, toast]);
}
