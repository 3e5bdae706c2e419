import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { routes } from '../../../app/routes';
import { Address } from '../../../components/Address';
import { IconButton } from '../../../components/Button';
import { Icon } from '../../../components/Icon';
import type { IconName } from '../../../components/icons';
import { PersonAvatar } from '../../people/components/Person';
import { nameOf, useMe } from '../../people/hooks/usePerson';
import { AppearanceSettings } from './AppearanceSettings';
import { DeviceSettings } from './DeviceSettings';
import { KeySettings } from './KeySettings';
import { ProfileSettings } from './ProfileSettings';

const SECTIONS: readonly { readonly id: string; readonly icon: IconName; readonly label: string; readonly page: ReactNode }[] = [
  { id: 'profile', icon: 'user', label: 'Profile', page: <ProfileSettings /> },
  { id: 'wallets', icon: 'wallet', label: 'Wallets and key', page: <KeySettings /> },
  { id: 'devices', icon: 'laptop', label: 'Devices', page: <DeviceSettings /> },
  { id: 'appearance', icon: 'sun', label: 'Appearance', page: <AppearanceSettings /> },
];

export function SettingsNav({ section }: { readonly section: string | undefined }) {
  const me = useMe();
  const [, navigate] = useLocation();
  return (
    <nav className="side" aria-label="Settings">
      <div className="side-head">
        <IconButton icon="cleft" label="Back to chats" only="desk" onClick={() => navigate(routes.home)} />
        <span className="name grow">Settings</span>
      </div>
      <div className="row gap-12 settings-me">
        <PersonAvatar profile={me} id={me.userId} size="x48" />
        <div className="grow">
          <div className="strong t1">{nameOf(me)}</div>
          <div className="tiny dim3">
            <Address of={me.address} />
          </div>
        </div>
      </div>
      <div className="setnav">
        {SECTIONS.map(one => (
          <Link key={one.id} href={routes.settings(one.id)} className={one.id === section ? 'sn on' : 'sn'} aria-current={one.id === section ? 'page' : undefined}>
            <Icon name={one.icon} />
            <span className="grow">{one.label}</span>
          </Link>
        ))}
      </div>
    </nav>
  );
}

export function SettingsPage({ section }: { readonly section: string }) {
  const [, navigate] = useLocation();
  const shown = SECTIONS.find(one => one.id === section) ?? SECTIONS[0];
  return (
    <main className="sheet main">
      <div className="set">
        <div className="row phone-only settings-back">
          <IconButton icon="cleft" label="Back" onClick={() => navigate(routes.settings())} />
          <span className="dim">Settings</span>
        </div>
        {shown?.page}
      </div>
    </main>
  );
}
