using System.Text.RegularExpressions;
using CoolChat.Contracts;

namespace CoolChat.Processing.Search;

/// <summary>What of a content can be found: its text, its poll, the names and descriptions of its attachments.</summary>
internal static partial class SearchText
{
    public static string Of(Content content)
    {
        List<string> parts = [];
        Add(content.Text);
        Add(content.Poll?.Question);
        foreach (string option in content.Poll?.Options ?? [])
            Add(option);
        foreach (Attachment attachment in content.Attachments ?? [])
        {
            Add(attachment.FileName);
            Add(attachment.Alt);
        }

        return string.Join('\n', parts);

        void Add(string? part)
        {
            if (!string.IsNullOrWhiteSpace(part))
                parts.Add(part);
        }
    }

    /// <summary>Addresses in a text, in order, each once. Trailing punctuation is the sentence's, not the address's.</summary>
    public static IReadOnlyList<string> LinksOf(string? text)
    {
        if (text is null || !text.Contains("://", StringComparison.Ordinal))
            return [];
        List<string> links = [];
        foreach (ValueMatch match in Link().EnumerateMatches(text))
        {
            string link = TrimEnd(text.AsSpan(match.Index, match.Length)).ToString();
            if (link.Length <= 2048 && Uri.TryCreate(link, UriKind.Absolute, out Uri? address) && address.Host.Length > 0
                && !links.Contains(link, StringComparer.Ordinal))
                links.Add(link);
        }

        return links;
    }

    private static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> link)
    {
        while (link.Length > 0)
        {
            char last = link[^1];
            bool closes = (last == ')' && link.Count(')') > link.Count('(')) || (last == ']' && link.Count(']') > link.Count('['));
            if (!closes && !".,;:!?'\"*_~。、，！？".Contains(last, StringComparison.Ordinal))
                break;
            link = link[..^1];
        }

        return link;
    }

    // Scheme, then everything up to a blank or a sign that no address holds; no backtracking whatever is sent.
    [GeneratedRegex("""https?://[^\s<>"`{}|\\^\p{Cc}\p{Cf}]+""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
