using CoolChat.Processing.Search.Text;

namespace CoolChat.Processing.Search;

/// <summary>A query with names resolved: what has to be there, as tokens and as terms of <see cref="ScopeTerms"/>, and within which time.</summary>
internal sealed class SearchPlan
{
    public SearchPlan(SearchQuery query, IReadOnlyList<Guid> senders, IReadOnlyList<string> mentioned)
    {
        Phrases = query.Phrases;
        List<IReadOnlyList<string>> filters = [.. query.Has.Select(thing => new[] { ScopeTerms.Has(thing) })];
        if (query.From.Count > 0)
            filters.Add([.. senders.Select(ScopeTerms.Sender)]);
        if (query.Mentions.Count > 0)
            filters.Add(mentioned);
        Filters = filters;
        After = query.After;
        Before = query.Before;
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Phrase> Phrases { get; }

    /// <summary>Of each, any.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Filters { get; }

    /// <summary>Inclusive.</summary>
    public DateTimeOffset? After { get; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? Before { get; }

    /// <summary>True when only time and conversation narrow it.</summary>
    public bool HasNoTerms => Phrases.Count + Filters.Count == 0;
}
