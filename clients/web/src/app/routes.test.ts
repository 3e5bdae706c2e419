import { expect, it } from 'vitest';
import { conversationAt, routes } from './routes';

it('reads back the addresses that it makes', () => {
  expect(conversationAt(routes.conversation('a1'))).toEqual({ id: 'a1' });
  expect(conversationAt(routes.about('a1'))).toEqual({ id: 'a1', panel: 'about' });
  expect(conversationAt(routes.thread('a1', 'm1'))).toEqual({ id: 'a1', panel: 'thread', rootId: 'm1' });
});

it('takes nothing else for a conversation', () => {
  for (const path of [routes.home, routes.settings('profile'), routes.search('x'), '/c', '/c/', '/c/a1/nothing']) expect(conversationAt(path)).toBeUndefined();
});
