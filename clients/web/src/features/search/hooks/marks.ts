/** Text with marks; `marks` are pairs of start and length in UTF-16 units, ascending. */
export function splitMarks(text: string, marks: readonly number[]): readonly { readonly text: string; readonly marked: boolean }[] {
  const parts: { text: string; marked: boolean }[] = [];
  let from = 0;
  for (let index = 0; index + 1 < marks.length; index += 2) {
    const start = Math.min(Math.max(marks[index] ?? 0, from), text.length);
    const end = Math.min(start + (marks[index + 1] ?? 0), text.length);
    if (start > from) parts.push({ text: text.slice(from, start), marked: false });
    if (end > start) parts.push({ text: text.slice(start, end), marked: true });
    from = Math.max(from, end);
  }
  if (from < text.length) parts.push({ text: text.slice(from), marked: false });
  return parts;
}
