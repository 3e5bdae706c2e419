using CoolChat.Processing.Search.Text;

namespace CoolChat.Processing.Search;

/// <summary>A query with names resolved: one FTS5 expression and a range of ids.</summary>
internal sealed class SearchPlan
{
    private readonly List<string> _parts;

    public SearchPlan(SearchQuery query, IReadOnlyList<Guid> senders, IReadOnlyList<string> mentioned)
    {
        Phrases = query.Phrases;
        _parts = [.. query.Phrases.Select(phrase => phrase.ToMatch()), .. query.Has.Select(thing => $"scope : {ScopeTerms.Has(thing)}")];
        if (query.From.Count > 0)
            _parts.Add(AnyOf(senders.Select(ScopeTerms.Sender)));
        if (query.Mentions.Count > 0)
            _parts.Add(AnyOf(mentioned));
        FirstId = query.After is { } after ? SearchIndex.IdAt(after) : 0;
        EndId = query.Before is { } before ? SearchIndex.IdAt(before) : long.MaxValue;
    }

    public IReadOnlyList<Phrase> Phrases { get; }

    /// <summary>Inclusive.</summary>
    public long FirstId { get; }

    /// <summary>Exclusive.</summary>
    public long EndId { get; }

    /// <summary>True when only time and conversation narrow it.</summary>
    public bool HasNoTerms => _parts.Count == 0;

    /// <summary>The expression, narrowed to some conversations when they are given. All terms are made here or quoted tokens: no syntax gets in.</summary>
    public string ToMatch(IReadOnlyList<Guid>? conversations)
    {
        IEnumerable<string> parts = conversations is null ? _parts : _parts.Append(AnyOf(conversations.Select(ScopeTerms.Conversation)));
        return string.Join(" AND ", parts.Select(part => $"({part})"));
    }

    private static string AnyOf(IEnumerable<string> terms) => $"scope : ({string.Join(" OR ", terms)})";
}
