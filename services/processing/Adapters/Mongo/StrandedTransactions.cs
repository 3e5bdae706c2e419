using System.Diagnostics;
using CoolChat.Conversations.Adapters.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Processing.Adapters.Mongo;

/// <summary>
/// A writer that is killed in the middle of a commit leaves its transaction open, and with it the fences of its partitions locked until the server gives the
/// transaction up, which takes a minute by default. So writers make known which sessions they commit in, and whoever has not come through
/// a fence for a while has the sessions of the others killed: what they had committed stays; what they had not is decided anew. For a writer that lives
/// and was only slow that is one conflict more.
/// </summary>
internal sealed class StrandedTransactions(ConversationCollections collections, LaneShare share)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Repeat = TimeSpan.FromMinutes(10);

    // Longer than any server keeps a transaction, and than the time between two announcements.
    private static readonly TimeSpan Lasting = TimeSpan.FromHours(1);

    private long _heldUpSince;

    /// <summary>Before a commit: others know the session.</summary>
    public void Announce(IClientSessionHandle session)
    {
        BsonBinaryData id = session.ServerSession.Id["id"].AsBsonBinaryData;
        Guid key = id.ToGuid();
        if (share.Sessions.TryGetValue(key, out long at) && Stopwatch.GetElapsedTime(at) < Repeat)
            return;
        // The server's clock: that of writers may differ.
        collections.Writers.UpdateOne(
            new BsonDocument("_id", id), new BsonDocument("$currentDate", new BsonDocument("at", true)), new UpdateOptions { IsUpsert = true });
        share.Sessions[key] = Stopwatch.GetTimestamp();
    }

    /// <summary>A commit came through, or failed for another reason.</summary>
    public void Passed() => _heldUpSince = 0;

    /// <summary>A commit found what it has to write locked by another transaction, again and again.</summary>
    public void HeldUp()
    {
        if (_heldUpSince == 0)
            _heldUpSince = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(_heldUpSince) < Patience)
            return;
        _heldUpSince = 0;
        KillOthers();
    }

    private void KillOthers()
    {
        List<BsonDocument> known = collections.Writers.Find(FilterDefinition<BsonDocument>.Empty).ToList();
        if (known.Count == 0)
            return;
        DateTime latest = known.Max(writer => writer["at"].ToUniversalTime());
        BsonValue[] old = [.. known.Where(writer => latest - writer["at"].ToUniversalTime() > Lasting).Select(writer => writer["_id"])];
        BsonDocument[] others = [.. known.Where(writer => !share.Sessions.ContainsKey(writer["_id"].AsGuid)).Select(writer => new BsonDocument("id", writer["_id"]))];
        if (old.Length > 0)
            collections.Writers.DeleteMany(new BsonDocument("_id", new BsonDocument("$in", new BsonArray(old))));
        if (others.Length == 0)
            return;
        try
        {
            collections.Engine.Client.GetDatabase("admin").RunCommand<BsonDocument>(new BsonDocument("killSessions", new BsonArray(others)));
        }
        catch (MongoCommandException)
        {
            // Not allowed where the session is another user's: then it lasts until the server gives it up.
        }
    }
}
