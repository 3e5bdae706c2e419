/** Three different places out of `count`, in order, by chance. */
export function pickThree(count: number): readonly number[] {
  const places = Array.from({ length: count }, (_, index) => index);
  const picked: number[] = [];
  while (picked.length < Math.min(3, count)) {
    const at = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
    picked.push(...places.splice(at % places.length, 1));
  }
  return picked.sort((a, b) => a - b);
}
