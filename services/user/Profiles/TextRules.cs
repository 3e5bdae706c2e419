using System.Globalization;
using System.Text;
using CoolChat.Contracts.Internal;

namespace CoolChat.User.Profiles;

/// <summary>
/// What text of people may hold. Control characters are refused. Characters that reorder or hide others (bidi controls, zero-width spaces) and
/// marks stacked higher than any script needs are taken out, so that a name can't disturb what stands around it.
/// </summary>
internal static class TextRules
{
    private const int MaxMarks = 4;
    private const int UnitsPerGrapheme = 16;

    /// <summary>A text of one line. An empty one becomes empty, which clears the field.</summary>
    public static Result<string> Name(string field, string text, int maxGraphemes) => Clean(field, text, maxGraphemes, lines: false);

    /// <summary>A text that may have line breaks.</summary>
    public static Result<string> Paragraphs(string field, string text, int maxGraphemes) => Clean(field, text, maxGraphemes, lines: true);

    /// <summary>One grapheme that is no letter, digit or space.</summary>
    public static Result<string> Emoji(string field, string text)
    {
        Result<string> clean = Clean(field, text, 1, lines: false);
        if (!clean.Ok || clean.Value.Length == 0)
            return clean;
        Rune first = clean.Value.EnumerateRunes().First();
        // Keycaps (1 and U+20E3) begin with a digit.
        bool keycap = clean.Value.Contains('\u20E3', StringComparison.Ordinal);
        return !keycap && (Rune.IsLetterOrDigit(first) || first.IsAscii)
            ? Refusal.Invalid(field, "Use one emoji.")
            : clean;
    }

    private static Result<string> Clean(string field, string text, int maxGraphemes, bool lines)
    {
        if (text.Length > maxGraphemes * UnitsPerGrapheme)
            return Refusal.Invalid(field, TooLong(maxGraphemes));
        StringBuilder kept = new(text.Length);
        int marks = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) && !(lines && rune.Value is '\n' or '\t'))
                return Refusal.Invalid(field, "Control characters are not allowed.");
            if (rune == Rune.ReplacementChar || IsNoncharacter(rune))
                return Refusal.Invalid(field, "The text is not valid Unicode.");
            if (IsHidden(rune))
                continue;
            marks = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
            if (marks <= MaxMarks)
                kept.Append(rune.ToString());
        }
        string clean = kept.ToString().Trim();
        return Graphemes(clean) > maxGraphemes ? Refusal.Invalid(field, TooLong(maxGraphemes)) : clean;
    }

    private static string TooLong(int maxGraphemes) => string.Create(CultureInfo.InvariantCulture, $"At most {maxGraphemes} characters.");

    private static int Graphemes(string text)
    {
        int count = 0;
        for (ReadOnlySpan<char> rest = text; rest.Length > 0; count++)
            rest = rest[StringInfo.GetNextTextElementLength(rest)..];
        return count;
    }

    private static bool IsNoncharacter(Rune rune) => (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF;

    /// <summary>Not the joiners U+200C and U+200D: scripts and emoji need them.</summary>
    private static bool IsHidden(Rune rune) => rune.Value
        is 0x061C or 0x180E or 0x200B or 0x200E or 0x200F or 0x2060 or 0xFEFF or 0x00AD
        or (>= 0x2028 and <= 0x202E) or (>= 0x2061 and <= 0x206F);
}
