import { useEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react';
import { IconButton } from '../../../components/Button';
import { Icon } from '../../../components/Icon';
import { anchorOf, type Anchor } from '../../../components/placement';
import { Popover } from '../../../components/Popover';
import { TOUCH, useMedia } from '../../../components/useMedia';
import type { Composing } from '../hooks/useComposer';
import { mentionQuery, suggest, type Candidate } from '../hooks/mentions';
import { EmojiBoard } from './EmojiBoard';
import { FileQueue } from './FileQueue';
import { MentionList } from './MentionList';
import { QuoteLines } from './Quote';
import { ScheduleButton } from './ScheduleButton';

export interface ComposerProps {
  readonly composing: Composing;
  readonly placeholder: string;
  readonly candidates: readonly Candidate[];
  /** ↑ in the empty composer. */
  readonly onEditLast: () => void;
  /** Escape with nothing to cancel. */
  readonly onEscape: () => void;
}

export function Composer({ composing, placeholder, candidates, onEditLast, onEscape }: ComposerProps) {
  const { text, setText, mode, setMode, files, submit, problem } = composing;
  const input = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const touch = useMedia(TOUCH);
  const [emoji, setEmoji] = useState<Anchor>();
  const [caret, setCaret] = useState(0);
  const [chosen, setChosen] = useState(0);
  const [dismissed, setDismissed] = useState(-1);

  const asking = mentionQuery(text, caret);
  const matches = asking && asking.from !== dismissed ? suggest(candidates, asking.query) : [];

  useEffect(() => {
    // Not on touch, where focusing brings up the keyboard over the conversation.
    if (!touch || mode.kind !== 'plain') input.current?.focus();
  }, [mode, touch]);

  const insert = (from: number, to: number, value: string) => {
    setText(text.slice(0, from) + value + text.slice(to));
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(from + value.length, from + value.length);
      setCaret(from + value.length);
    });
  };
  const pick = (candidate: Candidate) => asking && insert(asking.from, caret, `@${candidate.name} `);

  const onMentionKey = (key: string): boolean => {
    const candidate = matches[chosen % matches.length];
    if (key === 'ArrowDown') setChosen((chosen + 1) % matches.length);
    else if (key === 'ArrowUp') setChosen((chosen + matches.length - 1) % matches.length);
    else if (key === 'Escape' && asking) setDismissed(asking.from);
    else if ((key === 'Enter' || key === 'Tab') && candidate) pick(candidate);
    else return false;
    return true;
  };

  const wrap = (mark: string) => {
    const [from, to] = [input.current?.selectionStart ?? 0, input.current?.selectionEnd ?? 0];
    insert(from, to, `${mark}${text.slice(from, to)}${mark}`);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    if (matches.length > 0 && onMentionKey(event.key)) event.preventDefault();
    else if (event.key === 'Enter' && !event.shiftKey && !touch) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape') {
      if (mode.kind === 'plain') onEscape();
      else setMode({ kind: 'plain' });
    } else if (event.key === 'ArrowUp' && text === '' && !command) {
      event.preventDefault();
      onEditLast();
    } else if (command && event.key === 'b') {
      event.preventDefault();
      wrap('**');
    } else if (command && event.key === 'i') {
      event.preventDefault();
      wrap('_');
    } else if (command && event.shiftKey && event.key.toLowerCase() === 'x') {
      event.preventDefault();
      wrap('~~');
    }
  };

  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0 || mode.kind === 'edit') return;
    event.preventDefault();
    files.add(event.clipboardData.files);
  };

  return (
    <div className="composer">
      {matches.length > 0 && <MentionList matches={matches} chosen={chosen % matches.length} onPick={pick} />}
      {mode.kind !== 'plain' && (
        <div className="re">
          <Icon name={mode.kind} size="s" />
          <span className="quote">
            {mode.kind === 'edit' ? (
              <>
                <b>Editing</b>
                <span className="t1 block">{mode.item.message.content?.text}</span>
              </>
            ) : (
              <QuoteLines message={mode.item.message} />
            )}
          </span>
          <IconButton icon="x" label={mode.kind === 'edit' ? 'Stop editing' : 'Don’t reply'} small onClick={() => setMode({ kind: 'plain' })} />
        </div>
      )}
      <FileQueue files={files.files} onDrop={files.drop} onResume={files.resume} />
      <div className="ln">
        <IconButton icon="plus" label="Add a file or picture" disabled={mode.kind === 'edit'} onClick={() => picker.current?.click()} />
        <textarea
          ref={input}
          className="tx"
          rows={1}
          dir="auto"
          value={text}
          placeholder={placeholder}
          aria-label={placeholder}
          aria-describedby={problem ? 'composer-problem' : undefined}
          enterKeyHint={touch ? 'enter' : 'send'}
          onChange={event => {
            setText(event.target.value);
            setCaret(event.target.selectionStart);
            setChosen(0);
            setDismissed(-1);
          }}
          onSelect={event => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <IconButton icon="smile" label="Emoji" only="desk" aria-haspopup="dialog" onClick={event => setEmoji(anchorOf(event.currentTarget))} />
        {mode.kind !== 'edit' && composing.sendable && <ScheduleButton onChoose={composing.schedule} />}
        <IconButton icon={mode.kind === 'edit' ? 'check' : 'up'} label={mode.kind === 'edit' ? 'Save' : 'Send'} look="send" disabled={!composing.sendable} onClick={submit} />
      </div>
      {problem && (
        <p className="help bad composer-problem" id="composer-problem" role="alert">
          <Icon name="warn" size="s" />
          <span>{problem}</span>
        </p>
      )}
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={event => {
          files.add(event.target.files ?? []);
          event.target.value = '';
        }}
      />
      {emoji && (
        <Popover label="Pick an emoji" anchor={emoji} onClose={() => setEmoji(undefined)}>
          <EmojiBoard
            onPick={one => {
              setEmoji(undefined);
              insert(caret, caret, one);
            }}
          />
        </Popover>
      )}
    </div>
  );
}
