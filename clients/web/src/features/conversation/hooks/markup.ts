/** A small markup in messages: code, bold, italics, strike, links and mentions. Everything else stays text. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly inner: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly text: string }
  | { readonly kind: 'mention'; readonly text: string; readonly self: boolean };

export type Block = { readonly kind: 'text'; readonly inner: readonly Inline[] } | { readonly kind: 'code'; readonly language: string; readonly text: string };

export interface MentionName {
  readonly name: string;
  readonly self: boolean;
}

export function parseMessage(text: string, mentions: readonly MentionName[] = []): Block[] {
  const blocks: Block[] = [];
  const fence = /```([\w+#-]*)\n([\s\S]*?)\n?```/g;
  let from = 0;
  for (const match of text.matchAll(fence)) {
    pushText(blocks, text.slice(from, match.index), mentions);
    blocks.push({ kind: 'code', language: match[1] ?? '', text: match[2] ?? '' });
    from = match.index + match[0].length;
  }
  pushText(blocks, text.slice(from), mentions);
  return blocks;
}

function pushText(blocks: Block[], text: string, mentions: readonly MentionName[]) {
  const trimmed = text.replace(/^\n+|\s+$/g, '');
  if (trimmed) blocks.push({ kind: 'text', inner: parseInline(trimmed, mentions) });
}

const escape = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

const LINK = String.raw`https?:\/\/[^\s<>"]+`;
const CODE = '`[^`\\n]+`';
const BOLD = String.raw`\*\*(?=\S)[^\n]*?\S\*\*`;
const STRIKE = String.raw`~~(?=\S)[^\n]*?\S~~`;
const ITALIC = String.raw`(?<![\p{L}\p{N}_])_(?=[^\s_])[^\n_]*[^\s_]_(?![\p{L}\p{N}_])`;

export function parseInline(text: string, mentions: readonly MentionName[] = []): Inline[] {
  const names = mentions.map(mention => escape(`@${mention.name}`)).sort((a, b) => b.length - a.length);
  const pattern = new RegExp([CODE, LINK, BOLD, STRIKE, ITALIC, ...names].join('|'), 'gu');
  const parts: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index < from) continue;
    let token = match[0];
    if (token.startsWith('http')) token = trimLink(token);
    const before = text.slice(from, match.index);
    if (before) parts.push({ kind: 'text', text: before });
    parts.push(inlineOf(token, mentions));
    from = match.index + token.length;
  }
  const rest = text.slice(from);
  if (rest) parts.push({ kind: 'text', text: rest });
  return parts;
}

function inlineOf(token: string, mentions: readonly MentionName[]): Inline {
  if (token.startsWith('`')) return { kind: 'code', text: token.slice(1, -1) };
  if (token.startsWith('http')) return { kind: 'link', href: token, text: token.replace(/^https?:\/\//, '').replace(/\/$/, '') };
  if (token.startsWith('**')) return { kind: 'bold', inner: parseInline(token.slice(2, -2), mentions) };
  if (token.startsWith('~~')) return { kind: 'strike', inner: parseInline(token.slice(2, -2), mentions) };
  const mention = mentions.find(one => `@${one.name}` === token);
  if (mention) return { kind: 'mention', text: token, self: mention.self };
  return { kind: 'italic', inner: parseInline(token.slice(1, -1), mentions) };
}

/** Punctuation that ends a sentence is not part of the address; a closing bracket is only if it was opened. */
function trimLink(link: string): string {
  let end = link.replace(/[.,:;!?'’”]+$/u, '');
  while (end.endsWith(')') && end.split('(').length <= end.split(')').length - 1) end = end.slice(0, -1);
  return end;
}
