import { splitMarks } from '../hooks/marks';

export function Highlighted({ text, marks }: { readonly text: string; readonly marks: readonly number[] }) {
  return splitMarks(text, marks).map((part, index) => (part.marked ? <mark key={index}>{part.text}</mark> : part.text));
}
