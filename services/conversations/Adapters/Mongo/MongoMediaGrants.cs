using CoolChat.Contracts.Internal;
using MongoDB.Bson;

namespace CoolChat.Conversations.Adapters.Mongo;

/// <summary>Grants as the log gave them: collection <c>grants</c>.</summary>
internal sealed class MongoMediaGrants(ConversationCollections collections) : IMediaGrants
{
    private const int MostShowings = 10_000;

    public async ValueTask<bool> CanSeeAsync(Guid userId, Guid mediaId, CancellationToken cancellationToken) =>
        await MongoView.ReadAsync(collections.Engine, async view =>
        {
            List<BsonDocument> showings = await ShowingsAsync(view, mediaId, MostShowings);
            Dictionary<BsonValue, BsonDocument> places = await view.FindManyAsync(
                collections.Members, showings.Select(showing => DocumentKeys.Of(ConversationOf(showing), userId)).Distinct());
            return showings.Any(showing =>
                places.TryGetValue(DocumentKeys.Of(ConversationOf(showing), userId), out BsonDocument? place)
                && DocumentKeys.ReadNumber(showing["_id"], 32) is var seq && (seq == 0 || seq >= Documents.Member(place).FirstSeq));
        }, cancellationToken);

    public async ValueTask<bool> IsShownAsync(Guid mediaId, CancellationToken cancellationToken) =>
        await MongoView.ReadAsync(
            collections.Engine,
            async view => (await ShowingsAsync(view, mediaId, 1)).Count > 0 || await view.AnyAsync(collections.Scheduled, Naming(mediaId)),
            cancellationToken);

    /// <summary>Few messages wait, and few objects have no grant; one whose text holds the id keeps the object as well, which does no harm.</summary>
    private static BsonDocument Naming(Guid mediaId) => new(Documents.Value, new BsonRegularExpression(mediaId.ToString("D")));

    private Task<List<BsonDocument>> ShowingsAsync(MongoView view, Guid mediaId, int limit) => view.RangeAsync(
        collections.Grants, DocumentKeys.Of(mediaId, Guid.Empty, 0), DocumentKeys.Of(mediaId, Guid.AllBitsSet, long.MaxValue), limit);

    private static Guid ConversationOf(BsonDocument showing) => DocumentKeys.ReadId(showing["_id"], 16);
}
