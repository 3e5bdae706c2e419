using System.Globalization;
using CoolChat.Contracts;
using CoolChat.Conversations.Adapters.Mongo;
using CoolChat.Engines.Mongo;
using CoolChat.Processing.Analysis;
using CoolChat.Processing.Search;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Processing.Adapters.Mongo.Projections;

/// <summary>Keeps counts, languages and links behind the log.</summary>
internal sealed class MongoAnalysisProjection(MongoProjectionParts parts, ILogger<MongoAnalysisProjection> logger) : MongoProjection(parts, logger)
{
    public override string Name => MessageFacts.Name;

    protected override int Form => MessageFacts.Form;

    protected override IReadOnlyList<Family> Families => [Collections.Analysis, Collections.Counts];

    protected override Task FoldAsync(IClientSessionHandle session, long run, IReadOnlyList<PlacedEvent> events, CancellationToken cancellationToken) =>
        new Fold(Collections, run, session, cancellationToken).RunAsync(events);

    private sealed class Fold(ProjectionCollections collections, long run, IClientSessionHandle session, CancellationToken cancellationToken)
        : MongoMessageFold(collections.Analysis, run, session, cancellationToken)
    {
        private readonly Dictionary<BsonBinaryData, (BsonDocument Counted, long Change)> _counts = [];

        protected override void Create(BsonDocument document, ChatEvent sent) =>
            document.Add("a", MongoValues.Time(sent.At)).Add("d", MessageFacts.DayOf(sent.At));

        protected override void Describe(BsonDocument document, MessageBody body)
        {
            document.Set("l", MessageFacts.LanguageOf(body));
            IReadOnlyList<string> links = SearchText.LinksOf(body.Content.Text);
            if (links.Count > 0)
                document.Set("k", new BsonArray(links));
            else
                document.Remove("k");
        }

        /// <summary>Counts change by what the messages of the batch are less what they were.</summary>
        protected override async Task BeforeWritingAsync()
        {
            foreach ((BsonDocument? before, BsonDocument? after) in Changed)
            {
                if (before is not null)
                    Count(before, -1);
                if (after is not null)
                    Count(after, 1);
            }
            foreach (BsonDocument erased in Erased)
                await CountErasedAsync(erased);
            await WriteCountsAsync();
        }

        private async Task CountErasedAsync(BsonDocument filter)
        {
            BsonDocument group = new()
            {
                { "_id", new BsonDocument { { Family.Scope, "$" + Family.Scope }, { "d", "$d" }, { "l", "$l" } } },
                { "n", new BsonDocument("$sum", 1L) },
            };
            foreach (BsonDocument found in await collections.Analysis.Collection.Aggregate(Session).Match(filter).Group(group).ToListAsync(CancellationToken))
                Count(found["_id"].AsBsonDocument, -found["n"].ToInt64());
        }

        private void Count(BsonDocument message, long change)
        {
            BsonBinaryData scope = message[Family.Scope].AsBsonBinaryData;
            Count(scope, new BsonDocument("d", message["d"]), "d" + message["d"].AsInt64.ToString(CultureInfo.InvariantCulture), change);
            Count(scope, new BsonDocument("l", message["l"]), "l" + message["l"].AsString, change);
        }

        private void Count(BsonBinaryData scope, BsonDocument counted, string name, long change)
        {
            BsonBinaryData key = DocumentKeys.Counted(MongoValues.Id(scope), name);
            _counts[key] = (counted, _counts.GetValueOrDefault(key).Change + change);
        }

        /// <summary>Read and written anew instead of incremented: nobody else can have this batch's cursors, and it is three round trips however many they are.</summary>
        private async Task WriteCountsAsync()
        {
            BsonBinaryData[] keys = [.. _counts.Where(count => count.Value.Change != 0).Select(count => count.Key)];
            if (keys.Length == 0)
                return;
            Family family = collections.Counts;
            Dictionary<BsonBinaryData, long> known = (await family.Collection.Find(Session, family.AnyOf(keys)).ToListAsync(CancellationToken))
                .ToDictionary(document => document["_id"].AsBsonBinaryData, document => document["n"].AsInt64);
            if (known.Count > 0)
                await family.Collection.DeleteManyAsync(Session, family.AnyOf(known.Keys), cancellationToken: CancellationToken);
            BsonDocument[] counts =
            [
                .. keys.Select(key => family.New(key).Add("r", Run).AddRange(_counts[key].Counted).Add("n", known.GetValueOrDefault(key) + _counts[key].Change))
                    .Where(count => count["n"].AsInt64 > 0),
            ];
            if (counts.Length > 0)
                await family.Collection.InsertManyAsync(Session, counts, new InsertManyOptions { IsOrdered = false }, CancellationToken);
        }
    }
}
