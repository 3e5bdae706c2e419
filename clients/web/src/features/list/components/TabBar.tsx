import { Link, useLocation } from 'wouter';
import { routes } from '../../../app/routes';
import { Icon } from '../../../components/Icon';
import type { IconName } from '../../../components/icons';
import { useConversations } from '../../../lib';

const TABS: readonly { readonly icon: IconName; readonly label: string; readonly href: string }[] = [
  { icon: 'chat', label: 'Chats', href: routes.home },
  { icon: 'at', label: 'Mentions', href: routes.mentions },
  { icon: 'search', label: 'Search', href: routes.search() },
  { icon: 'user', label: 'You', href: routes.settings() },
];

/** The sections, on phones. */
export function TabBar() {
  const [path] = useLocation();
  const list = useConversations();
  const counts: Record<string, number> = { [routes.home]: list.unread, [routes.mentions]: list.mentions };
  return (
    <nav className="tabbar" aria-label="Sections">
      {TABS.map(tab => {
        const here = tab.href === path;
        const count = counts[tab.href] ?? 0;
        return (
          <Link key={tab.href} href={tab.href} className={here ? 'tab on' : 'tab'} aria-current={here ? 'page' : undefined}>
            <Icon name={tab.icon} />
            {tab.label}
            {count > 0 && (
              <b className="badge">
                {count > 999 ? '999+' : count}
                <span className="unseen"> new</span>
              </b>
            )}
          </Link>
        );
      })}
    </nav>
  );
}
