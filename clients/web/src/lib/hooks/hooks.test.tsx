import { act, cleanup, render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Profile } from '../api/userTypes';
import type { CoolChatClient } from '../clientTypes';
import type { SessionState, Timeline } from '../model';
import { Cell } from '../readable';
import { CoolChatProvider, useConversation, useProfiles, useSession } from './index';

const timeline: Timeline = {
  status: 'ready',
  items: [],
  hasOlder: false,
  hasNewer: false,
  loadingOlder: false,
  loadingNewer: false,
  newerCount: 0,
  readSeqAtOpen: 0,
  broken: [],
};

function fakeClient() {
  const session = new Cell<SessionState>({ status: 'starting' });
  const profiles = new Map<string, Cell<Profile | undefined>>();
  const opened = { now: 0 };
  const actions = {
    timeline: new Cell(timeline),
    conversation: new Cell(undefined),
    open: () => {
      opened.now++;
      return () => void opened.now--;
    },
  };
  const profile = (id: string) => {
    const cell = profiles.get(id) ?? new Cell<Profile | undefined>(undefined);
    profiles.set(id, cell);
    return cell;
  };
  const client = {
    session,
    conversations: { get: () => actions },
    people: { profile },
    start: vi.fn(),
    stop: vi.fn(() => Promise.resolve()),
  };
  return { client: client as unknown as CoolChatClient, session, profile, opened, start: client.start };
}

describe('hooks', () => {
  afterEach(cleanup);

  it('useSession_Changes_AreShown', () => {
    const { client, session, start } = fakeClient();
    const Status = () => <p>{useSession().status}</p>;
    render(
      <CoolChatProvider client={client}>
        <Status />
      </CoolChatProvider>,
    );
    expect(start).toHaveBeenCalled();
    expect(screen.getByText('starting')).toBeTruthy();
    act(() => session.set({ status: 'signedOut' }));
    expect(screen.getByText('signedOut')).toBeTruthy();
  });

  it('useConversation_Mounted_IsOpenExactlyOnceAndClosedAfter', () => {
    const { client, opened } = fakeClient();
    const Room = () => <p>{useConversation('room').timeline.status}</p>;
    const { unmount } = render(
      <StrictMode>
        <CoolChatProvider client={client}>
          <Room />
        </CoolChatProvider>
      </StrictMode>,
    );
    expect(opened.now).toBe(1);
    unmount();
    expect(opened.now).toBe(0);
  });

  it('useProfiles_OneArrives_RendersOnceAndKeepsTheMap', () => {
    const { client, profile } = fakeClient();
    const maps: ReadonlyMap<string, Profile>[] = [];
    const Names = () => {
      const map = useProfiles(['a', 'b']);
      maps.push(map);
      return <p>{[...map.values()].map(known => known.displayName).join(',')}</p>;
    };
    render(
      <CoolChatProvider client={client}>
        <Names />
      </CoolChatProvider>,
    );
    const before = maps.length;
    act(() => profile('b').set({ userId: 'b', address: '0x', displayName: 'Ben' }));
    expect(screen.getByText('Ben')).toBeTruthy();
    expect(maps.length - before).toBe(1);
    act(() => profile('c').set({ userId: 'c', address: '0x', displayName: 'Cem' }));
    expect(maps.length - before).toBe(1);
  });
});
