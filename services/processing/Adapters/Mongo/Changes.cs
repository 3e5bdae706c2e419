using CoolChat.Conversations.Adapters.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Processing.Adapters.Mongo;

/// <summary>
/// Documents that a commit has read or will write, by collection and id: a later decision of the batch sees what an earlier one wrote, nothing is
/// read twice, and each document is written once, as it is at the end.
/// </summary>
internal sealed class Changes
{
    private readonly Dictionary<(Family Family, BsonBinaryData Key), BsonDocument?> _known = [];
    private readonly HashSet<(Family Family, BsonBinaryData Key)> _written = [];

    public bool IsEmpty => _written.Count == 0;

    public bool TryFind(Family family, BsonBinaryData key, out BsonDocument? document) => _known.TryGetValue((family, key), out document);

    /// <summary>Remembers what the store holds; null = nothing.</summary>
    public void Remember(Family family, BsonBinaryData key, BsonDocument? document) => _known.TryAdd((family, key), document);

    /// <summary>To be read again.</summary>
    public void Forget(Family family, BsonBinaryData key) => _known.Remove((family, key));

    public void Put(Family family, BsonDocument document)
    {
        (Family, BsonBinaryData) cell = (family, document["_id"].AsBsonBinaryData);
        _known[cell] = document;
        _written.Add(cell);
    }

    public void Delete(Family family, BsonBinaryData key)
    {
        _known[(family, key)] = null;
        _written.Add((family, key));
    }

    /// <summary>Drops what was to be written in the range, which is deleted as a whole; what was read there is gone too.</summary>
    public void Drop(Family family, BsonBinaryData from, BsonBinaryData to)
    {
        foreach ((Family Family, BsonBinaryData Key) cell in _known.Keys.Where(cell => cell.Family == family && Within(cell.Key, from, to)).ToArray())
        {
            _known[cell] = null;
            _written.Remove(cell);
        }
    }

    /// <summary>Ids that will exist or not in the range after the commit, as far as the commit itself decides it.</summary>
    public IEnumerable<(BsonBinaryData Key, bool Exists)> WrittenWithin(Family family, BsonBinaryData from, BsonBinaryData to) =>
        _written.Where(cell => cell.Family == family && Within(cell.Key, from, to)).Select(cell => (cell.Key, _known[cell] is not null));

    /// <summary>One model a document.</summary>
    public IEnumerable<IGrouping<Family, WriteModel<BsonDocument>>> Models() =>
        from cell in _written
        let document = _known[cell]
        group document is null
            ? (WriteModel<BsonDocument>)new DeleteOneModel<BsonDocument>(cell.Family.At(cell.Key))
            : new ReplaceOneModel<BsonDocument>(cell.Family.At(cell.Key), document) { IsUpsert = true }
        by cell.Family;

    private static bool Within(BsonBinaryData key, BsonBinaryData from, BsonBinaryData to) => key.CompareTo(from) >= 0 && key.CompareTo(to) <= 0;
}
