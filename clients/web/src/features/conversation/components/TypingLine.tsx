import type { ConversationItem } from '../../../lib';
import { useNames } from '../../people/hooks/usePerson';

export function TypingLine({ item, quiet }: { readonly item: ConversationItem | undefined; readonly quiet: boolean }) {
  const typing = quiet ? [] : (item?.typing ?? []);
  const names = useNames(typing.slice(0, 2));
  const [first, second] = [...names.values()];
  const words = typing.length > 2 ? `${typing.length} people are typing` : second ? `${first} and ${second} are typing` : first ? `${first} is typing` : '';
  return (
    <div className="typing">
      {words && (
        <>
          <span className="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span className="t1">{words}</span>
        </>
      )}
    </div>
  );
}
