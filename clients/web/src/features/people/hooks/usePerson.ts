import { useConnection, usePresence, useProfile, useProfiles, useSession, type Me, type Profile, type Uuid } from '../../../lib';

/** The signed-in person; screens behind the gate only. */
export function useMe(): Me {
  const session = useSession();
  if (session.status !== 'signedIn') throw new Error('nobody is signed in');
  return session.user;
}

/** A name for plain text: chosen name, short address, or a placeholder while the profile is on its way. */
export function nameOf(profile: Profile | undefined): string {
  if (!profile) return 'Someone';
  if (profile.deleted) return 'Deleted account';
  return profile.displayName ?? `${profile.address.slice(0, 8)}…${profile.address.slice(-6)}`;
}

/** The first word of a name, for a list's preview. */
export function firstNameOf(profile: Profile | undefined): string {
  const name = nameOf(profile);
  return profile?.displayName ? (name.split(/\s+/)[0] ?? name) : name;
}

export function useName(userId: Uuid): string {
  return nameOf(useProfile(userId));
}

export function useNames(ids: readonly Uuid[]): ReadonlyMap<string, string> {
  const profiles = useProfiles(ids);
  return new Map(ids.map(id => [id, nameOf(profiles.get(id))]));
}

/** Presence as far as it is known: never while this device is offline. */
export function usePresenceMark(userId: Uuid): 'on' | undefined {
  const presence = usePresence(userId);
  const connection = useConnection();
  return connection.state.status === 'online' && presence.status === 'online' ? 'on' : undefined;
}
