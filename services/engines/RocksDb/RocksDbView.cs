using RocksDbSharp;

namespace CoolChat.Engines.RocksDb;

/// <summary>Reads under one snapshot: what a page shows belongs together, whatever is written meanwhile.</summary>
public sealed class RocksDbView : IDisposable
{
    private readonly RocksDbSharp.RocksDb _db;
    private readonly Snapshot _snapshot;
    private readonly ReadOptions _options;

    internal RocksDbView(RocksDbSharp.RocksDb db)
    {
        _db = db;
        _snapshot = db.CreateSnapshot();
        _options = new ReadOptions().SetSnapshot(_snapshot);
    }

    /// <summary>The value, or null.</summary>
    public byte[]? Get(ReadOnlySpan<byte> key, ColumnFamilyHandle family) => _db.Get(key, family, _options);

    /// <summary>Whether the key is there.</summary>
    public bool Has(ReadOnlySpan<byte> key, ColumnFamilyHandle family) => _db.HasKey(key, family, _options);

    /// <summary>A new iterator; dispose it before the view.</summary>
    public Iterator Iterate(ColumnFamilyHandle family) => _db.NewIterator(family, _options);

    /// <inheritdoc/>
    public void Dispose() => _snapshot.Dispose();
}
