using CoolChat.Contracts;
using CoolChat.Conversations.Adapters.Mongo;
using CoolChat.Engines.Mongo;
using CoolChat.Processing.Analysis;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Processing.Adapters.Mongo.Projections;

/// <summary>Reads what <see cref="MongoAnalysisProjection"/> writes; see <see cref="ProjectionCollections"/>.</summary>
internal sealed class MongoConversationCounts(ProjectionCollections collections) : IConversationCounts
{
    private const int MostDays = 366;
    private const int MostLanguages = 10;
    private static readonly BsonDocument LatestFirst = new("s", -1);

    public async ValueTask<ConversationStats> CountAsync(Guid conversation, long firstSeq, CancellationToken cancellationToken)
    {
        List<BsonDocument> counts = await MongoTransaction.GuardAsync(
            firstSeq <= 1 ? CountedAsync(conversation, cancellationToken) : CountAnewAsync(conversation, firstSeq, cancellationToken));
        List<BsonDocument> days = [.. counts.Where(count => count.Contains("d"))];
        return new ConversationStats
        {
            Messages = days.Sum(count => count["n"].ToInt64()),
            Days =
            [
                .. days.OrderByDescending(count => count["d"].AsInt64).Take(MostDays)
                    .Select(count => new DayCount { Day = MessageFacts.ToDate(count["d"].AsInt64), Messages = count["n"].ToInt64() }),
            ],
            Languages =
            [
                .. counts.Where(count => count.Contains("l") && count["l"].AsString.Length > 0)
                    .OrderByDescending(count => count["n"].ToInt64()).ThenBy(count => count["l"].AsString, StringComparer.Ordinal).Take(MostLanguages)
                    .Select(count => new LanguageCount { Language = count["l"].AsString, Messages = count["n"].ToInt64() }),
            ],
        };
    }

    public async ValueTask<IReadOnlyList<PlacedLink>> ReadLinksAsync(
        Guid conversation, long firstSeq, LinkPlace after, int limit, CancellationToken cancellationToken)
    {
        BsonDocument filter = new()
        {
            { Family.Scope, MongoValues.Id(conversation) },
            { "s", new BsonDocument { { "$gte", firstSeq }, { "$lte", after.Seq } } },
            { "k", new BsonDocument("$exists", true) },
        };
        // Each has a link at least; the first one's may all be behind.
        List<BsonDocument> messages = await MongoTransaction.GuardAsync(
            collections.Analysis.Collection.Find(filter).Sort(LatestFirst).Limit(limit + 1).ToListAsync(cancellationToken));
        return [.. messages.SelectMany(LinksOf).Where(link => link.Place.Seq < after.Seq || link.Place.Position > after.Position).Take(limit)];
    }

    private static IEnumerable<PlacedLink> LinksOf(BsonDocument message) => message["k"].AsBsonArray.Select((url, position) => new PlacedLink(
        new LinkPlace(message["s"].AsInt64, position),
        new LinkView
        {
            Seq = message["s"].AsInt64,
            Url = url.AsString,
            MessageId = DocumentKeys.ReadId(message["_id"], 16),
            Sender = MongoValues.Id(message["u"]),
            At = MongoValues.Time(message["a"]),
        }));

    private Task<List<BsonDocument>> CountedAsync(Guid conversation, CancellationToken cancellationToken) => collections.Counts.Collection
        .Find(collections.Counts.Between(DocumentKeys.Of(conversation, Guid.Empty), DocumentKeys.Of(conversation, Guid.AllBitsSet)))
        .ToListAsync(cancellationToken);

    /// <summary>For somebody who joined later and may not read what was before.</summary>
    private async Task<List<BsonDocument>> CountAnewAsync(Guid conversation, long firstSeq, CancellationToken cancellationToken)
    {
        List<BsonDocument> counts = [];
        foreach (string by in new[] { "d", "l" })
        {
            List<BsonDocument> groups = await collections.Analysis.Collection.Aggregate()
                .Match(new BsonDocument { { Family.Scope, MongoValues.Id(conversation) }, { "s", new BsonDocument("$gte", firstSeq) } })
                .Group(new BsonDocument { { "_id", "$" + by }, { "n", new BsonDocument("$sum", 1L) } })
                .ToListAsync(cancellationToken);
            counts.AddRange(groups.Select(group => new BsonDocument { { by, group["_id"] }, { "n", group["n"] } }));
        }
        return counts;
    }
}
