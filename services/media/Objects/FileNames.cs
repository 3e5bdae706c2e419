using System.Globalization;
using System.Text;

namespace CoolChat.Media.Objects;

/// <summary>Names are text to show, never paths: on disk an object is named by its id.</summary>
internal static class FileNames
{
    public const int MaxLength = 255;
    private const string Nameless = "file";

    /// <summary>The last path part without control, formatting and unpaired surrogate characters (bidi overrides hide a file's real ending).</summary>
    public static string Clean(string? name)
    {
        if (name is null)
            return Nameless;
        int slash = name.LastIndexOfAny(['/', '\\']);
        StringBuilder clean = new();
        foreach (Rune rune in name.AsSpan(slash + 1).EnumerateRunes())
        {
            if (IsShown(rune) && clean.Length + rune.Utf16SequenceLength <= MaxLength)
                clean.Append(rune.ToString());
        }

        string result = clean.ToString().Trim();
        return result.Trim('.').Length == 0 ? Nameless : result;
    }

    private static bool IsShown(Rune rune) => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse => false,
        // Joiners shape Persian, Indic and emoji names; the other format characters only disguise.
        UnicodeCategory.Format => rune.Value is 0x200C or 0x200D,
        _ => true,
    };
}
