using MongoDB.Bson;

namespace CoolChat.Conversations.Adapters.Mongo;

/// <summary>
/// Seqs of a conversation's messages (or, with Root, of the thread that starts there), and whether there are more beyond a page of them. First is the
/// first seq that the viewer may read.
/// </summary>
internal sealed record MessageList(MongoView View, ConversationCollections Collections, Guid Conversation, long? Root, long First)
{
    private static readonly BsonDocument IsMessage = new("o", new BsonDocument("$gt", 0));

    /// <summary>Seqs ascending, and whether there are others before and after them.</summary>
    public sealed record Found(IReadOnlyList<long> Seqs, bool HasBefore, bool HasAfter);

    /// <summary>The last ones up to <paramref name="last"/>.</summary>
    public async Task<Found> OlderAsync(long last, int limit)
    {
        List<long> seqs = await SeqsAsync(First, last, limit + 1, down: true);
        bool newer = last < long.MaxValue && (await SeqsAsync(Math.Max(last + 1, First), long.MaxValue, 1, down: false)).Count > 0;
        return new Found([.. seqs.Take(limit).Reverse()], seqs.Count > limit, newer);
    }

    /// <summary>The first ones from <paramref name="from"/> on.</summary>
    public async Task<Found> NewerAsync(long from, int limit)
    {
        List<long> seqs = await SeqsAsync(from, long.MaxValue, limit + 1, down: false);
        bool older = (await SeqsAsync(First, from - 1, 1, down: true)).Count > 0;
        return new Found([.. seqs.Take(limit)], older, seqs.Count > limit);
    }

    /// <summary>About half of them up to <paramref name="around"/>, the rest after it.</summary>
    public async Task<Found> AroundAsync(long around, int limit)
    {
        Found older = await OlderAsync(around, (limit + 1) / 2);
        Found newer = await NewerAsync(Math.Max(around + 1, First), Math.Max(limit - older.Seqs.Count, 1));
        return new Found([.. older.Seqs, .. newer.Seqs], older.HasBefore, newer.HasAfter);
    }

    private async Task<List<long>> SeqsAsync(long from, long to, int limit, bool down)
    {
        if (to < from)
            return [];
        List<BsonDocument> found = Root is { } root
            ? await View.RangeAsync(Collections.Threads, DocumentKeys.Of(Conversation, root, from), DocumentKeys.Of(Conversation, root, to), limit, down)
            : await View.RangeAsync(Collections.Events, DocumentKeys.Of(Conversation, from), DocumentKeys.Of(Conversation, to), limit, down, IsMessage);
        return [.. found.Select(document => DocumentKeys.ReadNumber(document["_id"], Root is null ? 16 : 24))];
    }
}
