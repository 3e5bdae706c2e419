using System.Globalization;
using System.Text.RegularExpressions;
using CoolChat.Conversations.Adapters.Mongo;
using CoolChat.Engines.Mongo;
using CoolChat.Processing.Search;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Processing.Adapters.Mongo.Projections;

/// <summary>
/// Reads the index that <see cref="MongoSearchProjection"/> writes; see <see cref="ProjectionCollections"/>. A look-up always names the conversations, so that
/// it goes to their shards and reads none of others. That tokens stand side by side is for the reader of the texts to find.
/// </summary>
internal sealed class MongoMessageIndex(ProjectionCollections collections) : IMessageIndex
{
    /// <summary>Every message has it: so the one index also answers by time alone.</summary>
    public const string Any = ":";

    private const int PlaceDigits = 32;

    private static readonly BsonDocument NewestFirst = new("p", -1);
    private static readonly BsonDocument Fields = new() { { "p", 1 }, { "s", 1 } };

    /// <summary>No token has a colon.</summary>
    public static string Filter(string term) => ":" + term;

    public async ValueTask<IReadOnlyList<IndexedMessage>> FindAsync(
        ResolvedSearch search, UInt128? below, int limit, CancellationToken cancellationToken)
    {
        BsonArray all = [new BsonDocument(Family.Scope, new BsonDocument("$in", new BsonArray(search.Conversations.Select(MongoValues.Id))))];
        all.AddRange(TermsOf(search.Plan));
        if (search.Plan.After is { } after)
            all.Add(PlaceIs("$gte", SearchPlaces.From(after)));
        if (search.Plan.Before is { } before)
            all.Add(PlaceIs("$lt", SearchPlaces.From(before)));
        if (below is { } place)
            all.Add(PlaceIs("$lt", place));
        List<BsonDocument> found = await MongoTransaction.GuardAsync(collections.Search.Collection
            .Find(new BsonDocument("$and", all)).Sort(NewestFirst).Limit(limit).Project<BsonDocument>(Fields).ToListAsync(cancellationToken));
        return [.. found.Select(Read)];
    }

    public string Write(UInt128 place) => place.ToString("x32", CultureInfo.InvariantCulture);

    public bool TryRead(string text, out UInt128 place)
    {
        place = 0;
        return text.Length == PlaceDigits && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out place);
    }

    /// <summary>The rarest are likely the longest: they come first, for a planner that takes the first.</summary>
    private static IEnumerable<BsonDocument> TermsOf(SearchPlan plan)
    {
        if (plan.HasNoTerms)
            return [new BsonDocument("t", Any)];
        IEnumerable<string> whole = plan.Phrases.SelectMany(phrase => phrase.Prefix ? phrase.Tokens.SkipLast(1) : phrase.Tokens);
        return whole.Distinct(StringComparer.Ordinal).OrderByDescending(token => token.Length).Select(token => new BsonDocument("t", token))
            .Concat(plan.Filters.Select(terms => new BsonDocument("t", new BsonDocument("$in", new BsonArray(terms.Select(Filter))))))
            .Concat(plan.Phrases.Where(phrase => phrase.Prefix).Select(phrase => Begins(phrase.Tokens[^1])));
    }

    /// <summary>Anchored and plain, so that it is a range of the index.</summary>
    private static BsonDocument Begins(string prefix) => new("t", new BsonRegularExpression("^" + Regex.Escape(prefix)));

    private static BsonDocument PlaceIs(string comparison, UInt128 place) => new("p", new BsonDocument(comparison, SearchPlaces.ToValue(place)));

    private static IndexedMessage Read(BsonDocument document) => new(
        SearchPlaces.Read(document["p"]),
        DocumentKeys.ReadId(document["_id"], 0),
        DocumentKeys.ReadId(document["_id"], 16),
        document["s"].AsInt64);
}
