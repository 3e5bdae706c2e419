using CoolChat.Contracts;
using CoolChat.Conversations.Adapters.Mongo;
using CoolChat.Engines.Mongo;
using CoolChat.Processing.Search;
using CoolChat.Processing.Search.Text;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Processing.Adapters.Mongo.Projections;

/// <summary>Keeps the search index behind the log.</summary>
internal sealed class MongoSearchProjection(MongoProjectionParts parts, ILogger<MongoSearchProjection> logger) : MongoProjection(parts, logger)
{
    public override string Name => SearchForm.Name;

    protected override int Form => SearchForm.Version;

    protected override IReadOnlyList<Family> Families => [Collections.Search];

    protected override Task FoldAsync(IClientSessionHandle session, long run, IReadOnlyList<PlacedEvent> events, CancellationToken cancellationToken) =>
        new Fold(Collections.Search, run, session, cancellationToken).RunAsync(events);

    private sealed class Fold(Family family, long run, IClientSessionHandle session, CancellationToken cancellationToken)
        : MongoMessageFold(family, run, session, cancellationToken)
    {
        protected override void Create(BsonDocument document, ChatEvent sent) => document.Add("p", SearchPlaces.ToValue(SearchPlaces.Of(sent.At, Place)));

        protected override void Describe(BsonDocument document, MessageBody body)
        {
            IEnumerable<string> tokens = Tokenizer.Tokenize(SearchText.Of(body.Content)).Select(token => token.Text);
            IEnumerable<string> filters = ScopeTerms.Of(MongoValues.Id(document["u"]), body).Select(MongoMessageIndex.Filter);
            document.Set("t", new BsonArray(tokens.Concat(filters).Append(MongoMessageIndex.Any).Distinct(StringComparer.Ordinal)));
        }
    }
}
