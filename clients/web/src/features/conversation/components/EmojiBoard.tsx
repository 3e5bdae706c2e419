import { BOARD } from '../emoji';

export function EmojiBoard({ onPick }: { readonly onPick: (emoji: string) => void }) {
  return (
    <div className="emoji">
      {BOARD.map(section => (
        <Section key={section.name} name={section.name} emoji={section.emoji} onPick={onPick} />
      ))}
    </div>
  );
}

function Section({ name, emoji, onPick }: { name: string; emoji: readonly string[]; onPick: (emoji: string) => void }) {
  return (
    <>
      <h3>{name}</h3>
      {emoji.map(one => (
        <button key={one} type="button" onClick={() => onPick(one)}>
          {one}
        </button>
      ))}
    </>
  );
}
