/** The six beside a message, and a board of everyday ones; the keyboard of the system has the rest. */
export const QUICK = ['👍', '❤️', '😄', '🎉', '🌊', '👀'] as const;

export const BOARD: readonly { readonly name: string; readonly emoji: readonly string[] }[] = [
  {
    name: 'Faces',
    emoji: [
      ...['😀', '😄', '😁', '😅', '😂', '🙂', '🙃', '😉', '😊', '😍', '😘', '😋', '😎', '🤓', '🤔', '🤨'],
      ...['😐', '😏', '🙄', '😬', '😌', '😴', '🤒', '🥵', '🥶', '🤯', '🥳', '😕', '😮', '😢', '😭', '😡'],
    ],
  },
  { name: 'Hands and people', emoji: ['👍', '👎', '👏', '🙌', '🙏', '🤝', '👋', '✌️', '🤞', '👌', '💪', '🫡', '🤷', '🙋', '🏃', '💃'] },
  { name: 'Hearts and signs', emoji: ['❤️', '🧡', '💛', '💚', '💙', '💜', '🖤', '💔', '💯', '✨', '🔥', '✅', '❌', '❓', '❗', '⭐'] },
  { name: 'Things', emoji: ['👀', '🎉', '🎁', '🎂', '☕', '🍕', '🍏', '🌊', '⛵', '🌞', '🌧️', '🌱', '🐟', '🐙', '🐈', '🐕', '🚀', '💡', '🔧', '📌', '📎', '📷', '🎵', '🏆'] },
];
