import { sha256 } from '@noble/hashes/sha2.js';
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** How one tile looks. Colours are the tokens `--tile-deep-N` and `--tile-pale-N`; `shape` indexes SHAPES. */
export interface Tile {
  deep: number;
  pale: number;
  shape: number;
  turn: 0 | 90 | 180 | 270;
  mirror: boolean;
  swap: boolean;
}

/** The twelve figures on a 40 x 40 canvas. Frozen: changing one changes people's faces. */
export type Shape = { paths?: string[]; evenOdd?: boolean; circles?: [cx: number, cy: number, r: number][] };
export const SHAPES: readonly Shape[] = [
  { paths: ['M0 23h40v17H0z'], circles: [[27, 12, 6.5]] },
  { circles: [[15, 24, 12]] },
  { paths: ['M24 4a14 14 0 1 1 0 28 14 14 0 0 1 0-28Zm0 8a6 6 0 1 0 0 12 6 6 0 0 0 0-12Z'], evenOdd: true },
  { paths: ['M0 24a17 17 0 0 1 34 0Z'] },
  { paths: ['M-2 40 13 13l9 15 6-9 14 21Z'] },
  { paths: ['M0 40V9a31 31 0 0 1 31 31Z'] },
  { paths: ['M7 22h7v18H7zM17 12h7v28h-7zM27 28h7v12h-7z'] },
  { paths: ['M-2 17c7-7 14-7 21 0s14 7 23 0v8c-9 7-16 7-23 0s-14-7-21 0ZM-2 32c7-7 14-7 21 0s14 7 23 0v10H-2Z'] },
  { paths: ['M6 6h14a14 14 0 0 1 14 14v14H20A14 14 0 0 1 6 20Z'] },
  { circles: [[13, 13, 5.5], [27, 13, 5.5], [13, 27, 5.5]] },
  { paths: ['M20 5 35 20H20v15L5 20Z'] },
  { paths: ['M0 40V29h12V18h12V7h16v33Z'] },
];

const TURNS = [0, 90, 180, 270] as const;

/** The tile of an address (its 20 bytes, so checksum case does not matter) or, for groups and bots, of an id's text. */
export function tileOf(key: string): Tile {
  const address = /^0x([0-9a-f]{40})$/i.exec(key)?.[1];
  const h = sha256(address ? hexToBytes(address.toLowerCase()) : utf8ToBytes(key));
  const at = (i: number) => h[i] ?? 0;
  return {
    deep: at(0) % 8,
    pale: at(1) % 8,
    shape: at(2) % 12,
    turn: TURNS[at(3) % 4] ?? 0,
    mirror: (at(4) & 1) === 1,
    swap: (at(5) & 1) === 1,
  };
}
