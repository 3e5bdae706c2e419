import { useCallback, useEffect, useRef, useState } from 'react';
import { toFailure, useConnection, type ConversationActions, type ConversationItem, type MessageItem } from '../../../lib';
import { mentionsIn, type Candidate } from './mentions';
import { contentTypeOf, useDraftFiles } from './useDraftFiles';

/** What the composer is about beside a plain message. */
export type ComposerMode = { readonly kind: 'plain' } | { readonly kind: 'reply' | 'edit'; readonly item: MessageItem };

const PLAIN: ComposerMode = { kind: 'plain' };
const DRAFT_MS = 600;

/** The composer of a conversation, or of a thread in it; a thread keeps no draft. */
export function useComposer(actions: ConversationActions, conversation: ConversationItem | undefined, candidates: readonly Candidate[], thread?: string) {
  const limits = useConnection().limits;
  const mayCallAll = conversation?.kind !== 'direct' && (conversation?.role === 'owner' || conversation?.role === 'admin');
  const files = useDraftFiles();
  const [text, setTextNow] = useState(thread ? '' : (conversation?.draft ?? ''));
  const [mode, setModeNow] = useState<ComposerMode>(PLAIN);
  const [problem, setProblem] = useState<string>();
  const kept = useRef('');
  const draftTimer = useRef<ReturnType<typeof setTimeout>>(undefined);

  // A draft from another device comes in while nothing is written here.
  const outside = thread ? '' : (conversation?.draft ?? '');
  const lastOutside = useRef(outside);
  useEffect(() => {
    if (lastOutside.current === outside) return;
    const untouched = text === lastOutside.current;
    lastOutside.current = outside;
    if (untouched && mode.kind !== 'edit') setTextNow(outside);
  }, [outside, text, mode.kind]);

  const keepDraft = useCallback(
    (value: string) => {
      clearTimeout(draftTimer.current);
      draftTimer.current = setTimeout(() => actions.setDraft(value), DRAFT_MS);
    },
    [actions],
  );
  // What was typed last is kept even when one leaves before the timer.
  const latest = useRef<string>(undefined);
  useEffect(
    () => () => {
      clearTimeout(draftTimer.current);
      if (latest.current !== undefined) actions.setDraft(latest.current);
    },
    [actions],
  );

  const setText = (value: string) => {
    setTextNow(value);
    setProblem(undefined);
    if (mode.kind === 'edit') return;
    if (!thread) {
      latest.current = value;
      keepDraft(value);
    }
    if (value.trim()) actions.typing();
  };

  const setMode = (next: ComposerMode) => {
    if (next.kind === 'edit') {
      if (mode.kind !== 'edit') kept.current = text;
      setTextNow(next.item.message.content?.text ?? '');
    } else if (mode.kind === 'edit') setTextNow(kept.current);
    setProblem(undefined);
    setModeNow(next);
  };

  const clear = () => {
    clearTimeout(draftTimer.current);
    latest.current = undefined;
    lastOutside.current = '';
    setTextNow('');
    if (!thread) actions.setDraft('');
    setModeNow(PLAIN);
  };

  const bytes = new TextEncoder().encode(text).length;
  const tooLong = bytes > limits.textBytes;
  const empty = text.trim() === '' && files.files.length === 0;

  const submit = (scheduledFor?: string) => {
    if (empty || tooLong || !files.ready) return;
    const words = text.trim();
    const mentions = mentionsIn(words, candidates, mayCallAll);
    if (mode.kind === 'edit') {
      const { message } = mode.item;
      const edited = { ...message.content, type: message.content?.type ?? 'text', text: words } as const;
      setTextNow(kept.current);
      setModeNow(PLAIN);
      if (words === message.content?.text) return;
      actions.edit(message.messageId, { content: edited, ...(mentions && { mentions }) }).catch((error: unknown) => setProblem(toFailure(error).detail));
      return;
    }
    const attachments = files.take();
    actions.send({
      content: {
        type: contentTypeOf(attachments),
        ...(words && { text: words }),
        ...(attachments.length > 0 && { attachments }),
      },
      ...(thread && { thread }),
      ...(mode.kind === 'reply' && { replyTo: mode.item.message.messageId }),
      ...(mentions && { mentions }),
      ...(scheduledFor && { scheduledFor }),
    });
    clear();
  };

  return {
    text,
    setText,
    mode,
    setMode,
    files,
    submit: () => submit(),
    schedule: submit,
    sendable: !empty && !tooLong && files.ready,
    empty,
    problem: tooLong ? `This is ${bytes - limits.textBytes} bytes longer than a message may be.` : problem,
  };
}

export type Composing = ReturnType<typeof useComposer>;
