import { useState } from 'react';
import { Route, Switch, useLocation, useRoute, useSearch } from 'wouter';
import { FindDialog } from '../features/search/components/FindDialog';
import { ClaimPage } from '../features/claim/components/ClaimPage';
import { useBackToast } from '../features/conversation/components/ConnectionStrip';
import { ConversationPage } from '../features/conversation/components/ConversationPage';
import { ThreadPanel } from '../features/conversation/components/ThreadPanel';
import { AboutPanel } from '../features/groups/components/AboutPanel';
import { JoinPage } from '../features/groups/components/JoinPage';
import { NewGroupDialog } from '../features/groups/components/NewGroupDialog';
import { FirstSteps } from '../features/list/components/FirstSteps';
import { MentionsPage } from '../features/list/components/MentionsPage';
import { Sidebar } from '../features/list/components/Sidebar';
import { TabBar } from '../features/list/components/TabBar';
import { NewDirectDialog } from '../features/people/components/NewDirectDialog';
import { SearchPage } from '../features/search/components/SearchPage';
import { SettingsNav, SettingsPage } from '../features/settings/components/SettingsPage';
import { KeysDialog } from './KeysDialog';
import { useConversations } from '../lib';
import { conversationAt, routes } from './routes';
import { useDocumentTitle } from './useDocumentTitle';
import { useShortcuts } from './useShortcuts';

export type Overlay = 'direct' | 'group' | 'find' | 'keys';

/** The frame of the app: list, conversation and panel; one of them at a time on a phone. */
export function Shell() {
  const [path, navigate] = useLocation();
  const place = conversationAt(path);
  const [inSettings, settings] = useRoute('/settings/:section?');
  const messageId = new URLSearchParams(useSearch()).get('m') ?? undefined;
  const [overlay, setOverlay] = useState<Overlay>();
  const here = place?.id;
  const panel = place?.panel;
  const open = (id: string) => navigate(routes.conversation(id));
  const close = () => setOverlay(undefined);
  useShortcuts({ here, panel: panel !== undefined, onOverlay: setOverlay });
  useDocumentTitle();
  useBackToast();

  // On a phone the list stands for itself at the sections' own addresses; everything else covers it.
  const listOnly = path === routes.home || path === routes.settings();
  const list = useConversations();
  // Somebody new has no list yet: what to do first stands in its place.
  const view = path === routes.home && list.loaded && list.items.length === 0 ? 'first' : listOnly ? 'list' : panel ? 'panel' : 'chat';
  return (
    <div className={panel ? 'app with-panel' : 'app'} data-view={view}>
      {inSettings ? (
        <SettingsNav section={settings.section ?? (listOnly ? undefined : 'profile')} />
      ) : (
        <Sidebar
          here={here}
          onNewDirect={() => setOverlay('direct')}
          onNewGroup={() => setOverlay('group')}
          onFind={() => setOverlay('find')}
        />
      )}
      {place ? (
        <ConversationPage key={place.id} id={place.id} panelOpen={panel === 'about'} messageId={messageId} />
      ) : (
        <Switch>
          <Route path="/settings/:section?">{params => <SettingsPage section={params.section ?? 'profile'} />}</Route>
          <Route path="/search" component={SearchPage} />
          <Route path="/mentions" component={MentionsPage} />
          <Route path="/i/:code">{params => <JoinPage code={params.code} />}</Route>
          <Route path="/claim" component={ClaimPage} />
          <Route>
            <FirstSteps onNewDirect={() => setOverlay('direct')} onNewGroup={() => setOverlay('group')} />
          </Route>
        </Switch>
      )}
      {place?.panel === 'about' && <AboutPanel key={place.id} id={place.id} />}
      {place?.rootId && <ThreadPanel key={place.rootId} id={place.id} rootId={place.rootId} />}
      <TabBar />
      {overlay === 'direct' && <NewDirectDialog onClose={close} onOpen={open} />}
      {overlay === 'group' && <NewGroupDialog onClose={close} onOpen={open} />}
      {overlay === 'find' && <FindDialog onClose={close} onOpen={open} onOverlay={setOverlay} />}
      {overlay === 'keys' && <KeysDialog onClose={close} />}
    </div>
  );
}
