using System.Buffers.Binary;
using System.Buffers.Text;
using CoolChat.Conversations.Log;

namespace CoolChat.Conversations.Adapters.Mongo;

/// <summary>
/// How far a client has synced. Stamps only grow within a partition (between partitions a slower clock may come later), so the mark holds one for
/// each; a page that ends in the middle also names its last conversation. The mark names the store: one of another store is as good as none.
/// </summary>
internal sealed class SyncMark
{
    private const int Longest = 2_000;
    private readonly StoreMeta _store;
    private readonly long[] _stamps;

    /// <summary>Where the last page ended: of what has just this stamp, ids after this one are still to come.</summary>
    private readonly Place _end;

    private SyncMark(StoreMeta store, long[] stamps, Place end = default)
    {
        _store = store;
        _stamps = stamps;
        _end = end;
    }

    /// <summary>The client knows nothing yet: what it has left already is not told.</summary>
    public bool IsBeginning => _stamps.All(stamp => stamp == 0);

    /// <summary>Everything up to these stamps.</summary>
    public static SyncMark At(StoreMeta store, long[] stamps) => new(store, stamps);

    /// <summary>Null when <paramref name="text"/> is no mark.</summary>
    public static SyncMark? Read(string? text, StoreMeta store)
    {
        SyncMark beginning = new(store, new long[store.Partitions]);
        if (text is null)
            return beginning;
        if (text.Length > Longest || !Base64Url.IsValid(text))
            return null;
        byte[] mark = Base64Url.DecodeFromChars(text);
        if (mark.Length < store.Store.Length + Place.KeyLength)
            return null;
        if (!mark.AsSpan(0, store.Store.Length).SequenceEqual(store.Store))
            return beginning;
        ReadOnlySpan<byte> rest = mark.AsSpan(store.Store.Length);
        if (rest.Length != Place.KeyLength + 8 * store.Partitions)
            return null;
        long[] stamps = new long[store.Partitions];
        for (int partition = 0; partition < stamps.Length; partition++)
            stamps[partition] = BinaryPrimitives.ReadInt64BigEndian(rest[(Place.KeyLength + 8 * partition)..]);
        return stamps.Any(stamp => stamp < 0) ? null : new SyncMark(store, stamps, Place.Of(rest));
    }

    /// <summary>Whether <paramref name="place"/> changed after the mark.</summary>
    public bool IsBefore(Place place)
    {
        long known = _stamps[place.Partition];
        return place.Stamp > known || (place.Stamp == known && place.Stamp == _end.Stamp && place.CompareTo(_end) > 0);
    }

    /// <summary>
    /// The mark after a page, in the order of stamps, that ended with <paramref name="last"/>, when the partitions stood at <paramref name="now"/>:
    /// what comes into a partition later is above its stamp of now, even where that is below the page's end.
    /// </summary>
    public SyncMark UpTo(Place last, long[] now) => new(
        _store, [.. _stamps.Select((known, partition) => Math.Max(known, Math.Min(last.Stamp, now[partition])))], last);

    public override string ToString()
    {
        byte[] mark = new byte[_store.Store.Length + Place.KeyLength + 8 * _stamps.Length];
        _store.Store.CopyTo(mark, 0);
        Span<byte> rest = mark.AsSpan(_store.Store.Length);
        _end.ToKey().CopyTo(rest);
        for (int partition = 0; partition < _stamps.Length; partition++)
            BinaryPrimitives.WriteInt64BigEndian(rest[(Place.KeyLength + 8 * partition)..], _stamps[partition]);
        return Cursor.Of(mark);
    }
}
