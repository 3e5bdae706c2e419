import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { tileOf } from '../../components/avatar/tile';

const COUNT = 24;

/** Addresses of nobody, made from numbers, whose tiles lie beside each other without near-equal neighbours. */
function build(): readonly string[] {
  const chosen: string[] = [];
  for (let index = 0; chosen.length < COUNT; index++) {
    const address = `0x${bytesToHex(sha256(utf8ToBytes(`mosaic ${index}`))).slice(0, 40)}`;
    const tile = tileOf(address);
    const near = chosen.slice(-9).map(tileOf);
    const last = near.at(-1);
    if (near.every(one => one.shape !== tile.shape && (one.deep !== tile.deep || one.pale !== tile.pale)) && last?.deep !== tile.deep) chosen.push(address);
  }
  return chosen;
}

export const MOSAIC = build();
