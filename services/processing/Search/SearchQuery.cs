using System.Globalization;
using CoolChat.Contracts.Internal;
using CoolChat.Processing.Search.Text;

namespace CoolChat.Processing.Search;

/// <summary>
/// What somebody typed: <c>words "a phrase" begin* from:anna in:"Team news" has:image mentions:me before:2026-03-01 after:2026-02</c>.
/// Operators may repeat: from, mentions and in mean any of theirs, has all of its. A word with a colon that is no operator is a word.
/// </summary>
internal sealed record SearchQuery
{
    public const int MaxLength = 500;
    private const int MaxPhrases = 32;

    public List<Phrase> Phrases { get; } = [];

    public List<string> From { get; } = [];

    public List<string> In { get; } = [];

    public List<string> Has { get; } = [];

    public List<string> Mentions { get; } = [];

    /// <summary>Messages before this time.</summary>
    public DateTimeOffset? Before { get; private set; }

    /// <summary>Messages at this time or later.</summary>
    public DateTimeOffset? After { get; private set; }

    private bool IsEmpty => Phrases.Count + From.Count + In.Count + Has.Count + Mentions.Count == 0 && Before is null && After is null;

    /// <summary>Never fails on odd syntax; refuses only what can't be meant: nothing at all, too much, a date or thing that is none.</summary>
    public static Result<SearchQuery> Parse(string text)
    {
        if (text.Length > MaxLength)
            return Invalid($"At most {MaxLength} characters.");
        SearchQuery query = new();
        bool nothingToFind = true;
        foreach (QueryPart part in QueryPart.Split(text))
        {
            if (query.Take(part) is { } refusal)
                return refusal;
            nothingToFind = false;
        }

        if (nothingToFind)
            return Invalid("Say what to look for.");
        if (query.Phrases.Count > MaxPhrases)
            return Invalid($"At most {MaxPhrases} words and phrases.");
        // Punctuation only: there is no such word in any message.
        return query.IsEmpty ? Invalid("There is no word in this.") : query;
    }

    private Refusal? Take(QueryPart part)
    {
        switch (part.Operator)
        {
            case "from":
                From.Add(part.Value);
                return null;
            case "in":
                In.Add(part.Value);
                return null;
            case "mentions":
                Mentions.Add(part.Value);
                return null;
            case "has":
                return TakeHas(part.Value);
            case "before" or "after":
                return TakeDate(part.Operator, part.Value);
            default:
                if (Phrase.Of(part.Value, part.Prefix) is { } phrase)
                    Phrases.Add(phrase);
                return null;
        }
    }

    private Refusal? TakeHas(string value)
    {
        string thing = value.ToLowerInvariant();
        if (!ScopeTerms.Things.Contains(thing, StringComparer.Ordinal))
            return Invalid($"has: takes {string.Join(", ", ScopeTerms.Things)}.");
        Has.Add(thing);
        return null;
    }

    private Refusal? TakeDate(string name, string value)
    {
        if (ParseTime(value) is not { } time)
            return Invalid($"{name}: takes a date like 2026-01-31, a month like 2026-01, or a time like 2026-01-31T12:00:00Z.");
        if (name == "before")
            Before = Before < time ? Before : time;
        else
            After = After > time ? After : time;
        return null;
    }

    private static DateTimeOffset? ParseTime(string value)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        string[] formats =
        [
            "yyyy-MM-dd", "yyyy-MM", "yyyy", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK",
            "yyyy-MM-dd'T'HH:mm:ss.fffK",
        ];
        return DateTimeOffset.TryParseExact(value, formats, CultureInfo.InvariantCulture, Utc, out DateTimeOffset time) ? time : null;
    }

    private static Refusal Invalid(string detail) => Refusal.Invalid("q", detail);
}
