using System.Buffers;
using System.Globalization;
using System.Text;
using CoolChat.Contracts.Internal;

namespace CoolChat.Chat.Messages;

/// <summary>What texts may hold: well-formed Unicode without control characters, within a bound.</summary>
internal static class TextRules
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(ControlCharacters(keepLines: false));
    private static readonly SearchValues<char> ForbiddenInLines = SearchValues.Create(ControlCharacters(keepLines: true));

    /// <summary>A text of several lines: line feed and tab are allowed. Bounded in bytes of UTF-8.</summary>
    public static Refusal? CheckText(string text, string field, int mostBytes)
    {
        if (text.Length > mostBytes || (text.Length * 3 > mostBytes && Encoding.UTF8.GetByteCount(text) > mostBytes))
            return Refusal.Invalid(field, $"At most {mostBytes} bytes of UTF-8.");
        return CheckCharacters(text, field, ForbiddenInLines);
    }

    /// <summary>A topic or description: line feed and tab are allowed. Bounded in UTF-16 units.</summary>
    public static Refusal? CheckLines(string text, string field, int mostChars) =>
        text.Length > mostChars ? TooLong(field, mostChars) : CheckCharacters(text, field, ForbiddenInLines);

    /// <summary>A title or name: one line that shows something.</summary>
    public static Refusal? CheckLine(string text, string field, int mostChars)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Refusal.Invalid(field, "It is empty.");
        return text.Length > mostChars ? TooLong(field, mostChars) : CheckCharacters(text, field, Forbidden);
    }

    /// <summary>One emoji, as people see it: a single grapheme that is neither a letter nor blank.</summary>
    public static Refusal? CheckReaction(string key, string field, int mostBytes)
    {
        if (key.Length == 0 || key.Length > mostBytes || Encoding.UTF8.GetByteCount(key) > mostBytes)
            return Refusal.Invalid(field, $"One emoji of at most {mostBytes} bytes of UTF-8.");
        if (CheckCharacters(key, field, Forbidden) is { } refusal)
            return refusal;
        bool one = StringInfo.GetNextTextElementLength(key) == key.Length;
        return one && IsEmoji(key) ? null : Refusal.Invalid(field, "A reaction is one emoji.");
    }

    private static bool IsEmoji(string key)
    {
        // Keycaps (1 + U+20E3) begin with a digit; all other emoji begin with a symbol or punctuation beyond ASCII.
        if (key.Contains('\u20E3', StringComparison.Ordinal))
            return true;
        Rune first = Rune.GetRuneAt(key, 0);
        return !first.IsAscii && Rune.GetUnicodeCategory(first) is UnicodeCategory.OtherSymbol or UnicodeCategory.MathSymbol
            or UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OtherNotAssigned;
    }

    private static Refusal TooLong(string field, int mostChars) => Refusal.Invalid(field, $"At most {mostChars} characters.");

    private static Refusal? CheckCharacters(string text, string field, SearchValues<char> forbidden)
    {
        if (text.AsSpan().ContainsAny(forbidden))
            return Refusal.Invalid(field, "Control characters are not allowed.");
        return IsWellFormed(text) ? null : Refusal.Invalid(field, "It is not well-formed Unicode: a surrogate stands alone.");
    }

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        int surrogate = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        while (surrogate >= 0)
        {
            text = text[surrogate..];
            if (text.Length < 2 || !char.IsSurrogatePair(text[0], text[1]))
                return false;
            text = text[2..];
            surrogate = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        }
        return true;
    }

    private static char[] ControlCharacters(bool keepLines) =>
        [.. Enumerable.Range(0, 0xA0).Select(i => (char)i).Where(c => char.IsControl(c) && !(keepLines && (c is '\n' or '\t')))];
}
