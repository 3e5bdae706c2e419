namespace CoolChat.Processing.Search.Text;

/// <summary>A piece of a text around what was found.</summary>
internal sealed record Snippet(string Text, IReadOnlyList<int> Highlights)
{
    private const int MaxLength = 160;
    private const int Lead = 40;
    private const char Ellipsis = '\u2026';

    /// <summary>Null when not all of the phrases are in the text.</summary>
    public static Snippet? Of(string text, IReadOnlyList<Phrase> phrases)
    {
        List<Token> tokens = Tokenizer.Tokenize(text);
        List<(int Start, int End)> all = [];
        foreach (Phrase phrase in phrases)
        {
            int known = all.Count;
            all.AddRange(phrase.FindIn(tokens));
            if (all.Count == known)
                return null;
        }
        List<(int Start, int End)> found = Merge(all);
        int first = found.Count > 0 ? found[0].Start : 0;
        int start = text.Length <= MaxLength ? 0 : Boundary(text, Math.Clamp(first - Lead, 0, text.Length - MaxLength));
        int end = Boundary(text, Math.Min(text.Length, start + MaxLength));
        string before = start > 0 ? Ellipsis.ToString() : "";
        string after = end < text.Length ? Ellipsis.ToString() : "";
        List<int> highlights = [];
        foreach ((int from, int to) in found)
        {
            if (from >= start && to <= end)
                highlights.AddRange([from - start + before.Length, to - from]);
        }

        return new Snippet(before + text[start..end] + after, highlights);
    }

    private static List<(int Start, int End)> Merge(IEnumerable<(int Start, int End)> pieces)
    {
        List<(int Start, int End)> merged = [];
        foreach ((int start, int end) in pieces.Order())
        {
            if (merged.Count > 0 && start <= merged[^1].End)
                merged[^1] = (merged[^1].Start, Math.Max(merged[^1].End, end));
            else
                merged.Add((start, end));
        }

        return merged;
    }

    /// <summary>Never between the halves of a character.</summary>
    private static int Boundary(string text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? at - 1 : at;
}
