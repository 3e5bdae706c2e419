import type { Mentions } from '../../../lib';

export interface Candidate {
  readonly userId: string;
  readonly name: string;
}

/** The `@word` that ends at the caret, if somebody is being mentioned there. */
export function mentionQuery(text: string, caret: number): { readonly from: number; readonly query: string } | undefined {
  const match = /(?:^|[\s(])@([\p{L}\p{N}_.-]{0,30})$/u.exec(text.slice(0, caret));
  const query = match?.[1];
  return query === undefined ? undefined : { from: caret - query.length - 1, query };
}

export function suggest(candidates: readonly Candidate[], query: string): readonly Candidate[] {
  const wanted = query.toLocaleLowerCase();
  return candidates.filter(one => one.name.toLocaleLowerCase().split(/\s+/).some(word => word.startsWith(wanted)) || one.name.toLocaleLowerCase().startsWith(wanted)).slice(0, 6);
}

/** Who a text mentions: those who were picked and still stand in it; everyone, for those who may call all. */
export function mentionsIn(text: string, candidates: readonly Candidate[], mayCallAll: boolean): Mentions | undefined {
  const users = candidates.filter(one => text.includes(`@${one.name}`)).map(one => one.userId);
  const everyone = mayCallAll && /(?:^|[\s(])@everyone\b/.test(text);
  if (users.length === 0 && !everyone) return undefined;
  return { ...(users.length > 0 && { users }), ...(everyone && { everyone }) };
}
