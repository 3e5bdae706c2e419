using System.Globalization;
using System.Text;

namespace CoolChat.Processing.Search.Text;

/// <summary>A unit of search and where it stands in the text.</summary>
/// <param name="Text">Folded: lower case, without diacritics.</param>
/// <param name="Start">UTF-16 offset.</param>
/// <param name="Length">UTF-16 units.</param>
/// <param name="Kind">What it is.</param>
internal readonly record struct Token(string Text, int Start, int Length, TokenKind Kind);

internal enum TokenKind
{
    /// <summary>A word of a script that writes spaces, or a symbol.</summary>
    Word,

    /// <summary>Two neighbours in a script without spaces.</summary>
    Pair,

    /// <summary>The last sign of a run in such a script.</summary>
    Last,
}

/// <summary>
/// Cuts text of any script into tokens, the same for what is indexed and for what is asked. Words end where letters and digits end. Scripts
/// without spaces between words (Chinese, Japanese, Thai ...; Korean too, because its particles stick to words) become overlapping pairs and
/// the last sign by itself: so any piece of a run is a phrase of neighbouring pairs, and one sign alone is the beginning of some token.
/// </summary>
internal static class Tokenizer
{
    /// <summary>Longer words are cut: nobody types more, and keys and hashes must not fill the index.</summary>
    public const int MaxTokenLength = 64;

    private const int Tatweel = 0x0640;

    public static List<Token> Tokenize(string text)
    {
        State state = new(text);
        int at = 0;
        while (at < text.Length)
        {
            // An unpaired surrogate separates like a blank.
            Rune.DecodeFromUtf16(text.AsSpan(at), out Rune rune, out int length);
            state.Take(rune, at, length);
            at += length;
        }

        state.EndWord();
        state.EndRun();
        return state.Tokens;
    }

    private static bool IsIgnored(Rune rune, UnicodeCategory category) => category switch
    {
        UnicodeCategory.Format => true, // joiners within Persian and Indic words and emoji, soft hyphens
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => rune.Value is
            (>= 0x0300 and <= 0x036F) or (>= 0x0591 and <= 0x05C7) or (>= 0x0610 and <= 0x061A) or (>= 0x064B and <= 0x065F) or 0x0670
            or (>= 0x06D6 and <= 0x06ED) or (>= 0x20D0 and <= 0x20FF) or (>= 0xFE00 and <= 0xFE0F),
        UnicodeCategory.ModifierSymbol => rune.Value is >= 0x1F3FB and <= 0x1F3FF, // skin tones
        UnicodeCategory.ModifierLetter => rune.Value == Tatweel,
        _ => false,
    };

    private static bool IsWordPart(UnicodeCategory category) => category is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.PrivateUse;

    private static bool IsUnspaced(Rune rune) => rune.Value is
        (>= 0x0E00 and <= 0x0FFF) // Thai, Lao, Tibetan
        or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF) // Myanmar, Khmer
        or (>= 0x1100 and <= 0x11FF) or (>= 0xA960 and <= 0xA97F) or (>= 0xAC00 and <= 0xD7FF) // Hangul
        or (>= 0x2E80 and <= 0x2FDF) or (>= 0x3005 and <= 0x3007) or (>= 0x3021 and <= 0x3029) // Han radicals and signs
        or (>= 0x3041 and <= 0x31FF) // kana, Bopomofo, Hangul letters
        or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF) // Han
        or (>= 0xFF66 and <= 0xFF9F); // half-width kana

    private sealed class State(string text)
    {
        private readonly StringBuilder _word = new();
        private int _wordStart;
        private int _wordEnd;
        private (string Text, int Start, int Length)? _previous;

        public List<Token> Tokens { get; } = new(text.Length / 4);

        public void Take(Rune rune, int at, int length)
        {
            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            if (IsIgnored(rune, category))
                return;
            if (IsWordPart(category))
            {
                if (IsUnspaced(rune))
                    TakeUnspaced(rune, at, length);
                else
                    TakeLetter(rune, at, length);
                return;
            }

            EndWord();
            EndRun();
            if (category == UnicodeCategory.OtherSymbol && rune != Rune.ReplacementChar)
                Tokens.Add(new Token(rune.ToString(), at, length, TokenKind.Word));
        }

        public void EndWord()
        {
            if (_word.Length == 0)
                return;
            Tokens.Add(new Token(_word.ToString(), _wordStart, _wordEnd - _wordStart, TokenKind.Word));
            _word.Clear();
        }

        public void EndRun()
        {
            if (_previous is { } last)
                Tokens.Add(new Token(last.Text, last.Start, last.Length, TokenKind.Last));
            _previous = null;
        }

        private void TakeUnspaced(Rune rune, int at, int length)
        {
            EndWord();
            string sign = Fold(rune);
            if (_previous is { } before)
                Tokens.Add(new Token(before.Text + sign, before.Start, at + length - before.Start, TokenKind.Pair));
            _previous = (sign, at, length);
        }

        private void TakeLetter(Rune rune, int at, int length)
        {
            EndRun();
            if (_word.Length == 0)
                _wordStart = at;
            _wordEnd = at + length;
            string folded = Fold(rune);
            if (_word.Length + folded.Length <= MaxTokenLength)
                _word.Append(folded);
        }

        private static string Fold(Rune rune)
        {
            Rune lower = Rune.ToLowerInvariant(rune);
            return lower.Value switch
            {
                'ß' => "ss",
                'æ' => "ae",
                'œ' => "oe",
                'þ' => "th",
                _ => lower.IsBmp ? FoldingTable.Fold((char)lower.Value).ToString() : lower.ToString(),
            };
        }
    }
}
