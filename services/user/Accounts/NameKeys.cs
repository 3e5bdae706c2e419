using System.Text;

namespace CoolChat.User.Accounts;

/// <summary>How names are found: by the beginning of any of their words, in any script, without regard to case.</summary>
internal static class NameKeys
{
    private const int MaxWords = 8;

    /// <summary>The form that is compared: lower case, white space collapsed.</summary>
    public static string Fold(string text)
    {
        StringBuilder folded = new(text.Length);
        bool space = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                space = folded.Length > 0;
                continue;
            }
            if (space)
                folded.Append(' ');
            space = false;
            folded.Append(Rune.ToLowerInvariant(rune).ToString());
        }
        return folded.ToString();
    }

    /// <summary>The folded name from each of its words on.</summary>
    public static IReadOnlyList<string> Of(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return [];
        string folded = Fold(name);
        List<string> keys = [folded];
        for (int at = folded.IndexOf(' ', StringComparison.Ordinal); at >= 0 && keys.Count < MaxWords; at = folded.IndexOf(' ', at + 1))
            keys.Add(folded[(at + 1)..]);
        return keys;
    }
}
