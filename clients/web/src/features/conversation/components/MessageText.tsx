import { useMemo } from 'react';
import { IconButton } from '../../../components/Button';
import { useToast } from '../../../components/Toast';
import { useProfiles, type MessageView } from '../../../lib';
import { nameOf, useMe } from '../../people/hooks/usePerson';
import { parseMessage, type Inline } from '../hooks/markup';

const NOBODY: readonly string[] = [];

export function MessageText({ message, text }: { readonly message: MessageView; readonly text: string }) {
  const me = useMe();
  const profiles = useProfiles(message.mentions?.users ?? NOBODY);
  const everyone = message.mentions?.everyone;
  const blocks = useMemo(() => {
    const names = [...profiles].map(([id, profile]) => ({ name: nameOf(profile), self: id === me.userId }));
    return parseMessage(text, everyone ? [...names, { name: 'everyone', self: true }] : names);
  }, [text, profiles, everyone, me.userId]);
  return blocks.map((block, index) =>
    block.kind === 'code' ? (
      <CodeBlock key={index} language={block.language} text={block.text} />
    ) : (
      <p key={index} dir="auto">
        <InlineParts parts={block.inner} />
      </p>
    ),
  );
}

function InlineParts({ parts }: { readonly parts: readonly Inline[] }) {
  return parts.map((part, index) => <InlinePart key={index} part={part} />);
}

function InlinePart({ part }: { readonly part: Inline }) {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'code':
      return <code>{part.text}</code>;
    case 'bold':
      return (
        <strong>
          <InlineParts parts={part.inner} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <InlineParts parts={part.inner} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <InlineParts parts={part.inner} />
        </s>
      );
    case 'link':
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer nofollow" title={part.href}>
          {part.text}
        </a>
      );
    case 'mention':
      return <span className={part.self ? 'mention meself' : 'mention'}>{part.text}</span>;
  }
}

function CodeBlock({ language, text }: { readonly language: string; readonly text: string }) {
  const toast = useToast();
  return (
    <div className="codeb" translate="no">
      <div className="bar">
        <span>{language || 'Code'}</span>
        <IconButton
          icon="copy"
          label="Copy code"
          small
          onClick={() => void navigator.clipboard.writeText(text).then(() => toast({ text: 'Code copied' }))}
        />
      </div>
      <pre>{text}</pre>
    </div>
  );
}
