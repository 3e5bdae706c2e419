import { Dialog } from '../components/Dialog';

const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['Ctrl K', 'Find or jump'],
  ['Ctrl F', 'Search here'],
  ['Ctrl Shift F', 'Search everywhere'],
  ['Alt ↑ ↓', 'Conversation above or below'],
  ['Alt Shift ↑ ↓', 'The same, only unread'],
  ['F6', 'From list to conversation to panel'],
  ['↑', 'In the empty composer: edit the last own message'],
  ['R E F C P U Del', 'On a message: reply, react, forward, copy, pin, unread, delete'],
  ['Ctrl B I, Ctrl Shift X', 'Bold, italics, strike'],
  ['Ctrl Shift M', 'Mute'],
  ['Ctrl Shift L', 'Light or dark'],
  ['Ctrl ,', 'Settings'],
  ['?', 'This list'],
];

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {KEYS.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <span className="key">{keys}</span>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
