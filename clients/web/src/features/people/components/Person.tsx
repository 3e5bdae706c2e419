import { Address } from '../../../components/Address';
import { Avatar, type AvatarSize } from '../../../components/avatar/Avatar';
import { useMediaUrl, useProfile, type Profile, type Uuid } from '../../../lib';
import { usePresenceMark } from '../hooks/usePerson';

/** A chosen name in ink; without one the address is the name. */
export function PersonName({ profile }: { readonly profile: Profile | undefined }) {
  if (!profile) return <span className="dim3">…</span>;
  if (profile.deleted) return <span className="dim">Deleted account</span>;
  return profile.displayName ? <bdi>{profile.displayName}</bdi> : <Address of={profile.address} digits={6} />;
}

export function PersonNameById({ id }: { readonly id: Uuid }) {
  return <PersonName profile={useProfile(id)} />;
}

export interface PersonAvatarProps {
  readonly profile: Profile | undefined;
  readonly id: Uuid;
  readonly size?: AvatarSize;
  readonly presence?: boolean;
  readonly label?: string;
}

export function PersonAvatar({ profile, id, size, presence, label }: PersonAvatarProps) {
  const picture = useMediaUrl(profile?.avatar, 176).data;
  const props = {
    of: profile?.address ?? id,
    ...(size && { size }),
    ...(picture && { picture }),
    ...(label && { label }),
  };
  return presence ? <WithPresence {...props} userId={id} /> : <Avatar {...props} />;
}

function WithPresence({ userId, ...props }: Parameters<typeof Avatar>[0] & { readonly userId: Uuid }) {
  const mark = usePresenceMark(userId);
  return <Avatar {...props} {...(mark && { presence: mark })} />;
}

export function PersonAvatarById(props: Omit<PersonAvatarProps, 'profile'>) {
  return <PersonAvatar {...props} profile={useProfile(props.id)} />;
}
