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

    /// <summary>Fields of documents that were not read.</summary>
    private readonly Dictionary<(Family Family, BsonBinaryData Key), BsonDocument> _fields = [];

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
        _fields.Remove(cell);
    }

    /// <summary>Writes only these fields, whatever else the document holds: spares reading it.</summary>
    public void Set(Family family, BsonBinaryData key, BsonDocument fields) => _fields[(family, key)] = fields;

    /// <summary>Fields that <see cref="Set"/> will write.</summary>
    public BsonDocument? FieldsOf(Family family, BsonBinaryData key) => _fields.GetValueOrDefault((family, key));

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
    public IEnumerable<IGrouping<Family, WriteModel<BsonDocument>>> Models() => _written
        .Select(cell => (cell.Family, Model: Whole(cell.Family, cell.Key, _known[cell])))
        .Concat(_fields.Select(cell => (cell.Key.Family, Model: Partly(cell.Key.Family, cell.Key.Key, cell.Value))))
        .GroupBy(entry => entry.Family, entry => entry.Model);

    private static WriteModel<BsonDocument> Whole(Family family, BsonBinaryData key, BsonDocument? document) => document is null
        ? new DeleteOneModel<BsonDocument>(family.At(key))
        : new ReplaceOneModel<BsonDocument>(family.At(key), document) { IsUpsert = true };

    private static WriteModel<BsonDocument> Partly(Family family, BsonBinaryData key, BsonDocument fields) =>
        new UpdateOneModel<BsonDocument>(family.At(key), new BsonDocument("$set", fields)) { IsUpsert = true };

    private static bool Within(BsonBinaryData key, BsonBinaryData from, BsonBinaryData to) => key.CompareTo(from) >= 0 && key.CompareTo(to) <= 0;
}
