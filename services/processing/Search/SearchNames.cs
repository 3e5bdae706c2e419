using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;

namespace CoolChat.Processing.Search;

/// <summary>A query whose names are ids.</summary>
/// <param name="Plan">What to look up.</param>
/// <param name="Conversations">Where: some or all of the viewer's.</param>
internal sealed record ResolvedSearch(SearchPlan Plan, IReadOnlyList<Guid> Conversations);

/// <summary>Resolves who is meant by from: and mentions:, and where by in:.</summary>
internal sealed class SearchNames(IUserDirectory directory, IConversationReader reader)
{
    private const int MaxPeople = 50;
    private const int TitlePage = 200;
    private const int MaxTitles = 5_000;

    /// <summary>Null when a name fits nobody or nowhere: then nothing can be found.</summary>
    public async ValueTask<ResolvedSearch?> ResolveAsync(
        Guid viewer, SearchQuery query, IReadOnlyList<Guid> conversations, CancellationToken cancellationToken)
    {
        IReadOnlyList<Guid> senders = await FindPeopleAsync(viewer, query.From, cancellationToken);
        IReadOnlyList<string> mentioned = await FindMentionsAsync(viewer, query.Mentions, cancellationToken);
        if (query.In.Count > 0)
            conversations = await FindConversationsAsync(viewer, query.In, conversations, cancellationToken);
        bool nowhere = conversations.Count == 0 || (query.From.Count > 0 && senders.Count == 0) || (query.Mentions.Count > 0 && mentioned.Count == 0);
        return nowhere ? null : new ResolvedSearch(new SearchPlan(query, senders, mentioned), conversations);
    }

    private async ValueTask<IReadOnlyList<Guid>> FindPeopleAsync(Guid viewer, List<string> values, CancellationToken cancellationToken)
    {
        HashSet<Guid> people = [];
        foreach (string value in values)
        {
            string name = value.TrimStart('@');
            if (string.Equals(name, "me", StringComparison.OrdinalIgnoreCase))
                people.Add(viewer);
            else if (Guid.TryParseExact(name, "D", out Guid id))
                people.Add(id);
            else if (name.Length > 0)
                people.UnionWith(await directory.FindByPrefixAsync(name, MaxPeople, cancellationToken));
        }

        return [.. people];
    }

    /// <summary>Whoever mentions everyone mentions me too.</summary>
    private async ValueTask<IReadOnlyList<string>> FindMentionsAsync(Guid viewer, List<string> values, CancellationToken cancellationToken)
    {
        List<string> named = [.. values.Where(value => !IsEveryone(value))];
        IReadOnlyList<Guid> people = await FindPeopleAsync(viewer, named, cancellationToken);
        IEnumerable<string> terms = people.Select(ScopeTerms.Mention);
        return named.Count < values.Count || people.Contains(viewer) ? [.. terms, ScopeTerms.Everyone] : [.. terms];
    }

    private static bool IsEveryone(string value) => string.Equals(value.TrimStart('@'), ScopeTerms.Everyone, StringComparison.OrdinalIgnoreCase);

    private async ValueTask<IReadOnlyList<Guid>> FindConversationsAsync(
        Guid viewer, List<string> values, IReadOnlyList<Guid> mine, CancellationToken cancellationToken)
    {
        HashSet<Guid> found = [];
        List<string> titles = [];
        foreach (string value in values)
        {
            if (Guid.TryParseExact(value, "D", out Guid id))
                found.Add(id);
            else
                titles.Add(value.TrimStart('#'));
        }

        found.IntersectWith(mine);
        if (titles.Count > 0)
            await AddByTitleAsync(viewer, titles, found, cancellationToken);
        return [.. found];
    }

    /// <summary>Among the viewer's latest <see cref="MaxTitles"/> conversations.</summary>
    private async ValueTask AddByTitleAsync(Guid viewer, List<string> titles, HashSet<Guid> found, CancellationToken cancellationToken)
    {
        string? next = null;
        int seen = 0;
        do
        {
            Result<Page<ConversationView>> page = await reader.ListAsync(viewer, next, TitlePage, cancellationToken);
            if (!page.Ok)
                return;
            foreach (ConversationView conversation in page.Value.Items)
            {
                if (titles.Any(title => title.Length > 0 && conversation.Title?.Contains(title, StringComparison.OrdinalIgnoreCase) == true))
                    found.Add(conversation.Id);
            }

            seen += page.Value.Items.Count;
            next = page.Value.Next;
        }
        while (next is not null && seen < MaxTitles);
    }
}
