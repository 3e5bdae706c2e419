import { useBlocks, useContacts } from '../../../lib';

/** Who is a contact and who is blocked, by userId. */
export function useKnown(): { readonly contacts: ReadonlySet<string>; readonly blocks: ReadonlySet<string> } {
  const contacts = useContacts();
  const blocks = useBlocks();
  return {
    contacts: new Set(contacts?.map(one => one.userId)),
    blocks: new Set(blocks?.map(one => one.userId)),
  };
}
