import { Avatar, type AvatarSize } from '../../../components/avatar/Avatar';
import { useMediaUrl, type ConversationItem } from '../../../lib';
import { useMe } from '../hooks/usePerson';
import { PersonAvatarById } from './Person';

export function ConversationAvatar({ item, size, presence }: { item: ConversationItem; size: AvatarSize; presence?: boolean }) {
  const me = useMe();
  const picture = useMediaUrl(item.picture, 176).data;
  if (item.peer) return <PersonAvatarById id={item.peer} size={size} presence={Boolean(presence) && item.peer !== me.userId} />;
  return <Avatar of={item.id} kind="group" size={size} {...(picture && { picture })} />;
}
