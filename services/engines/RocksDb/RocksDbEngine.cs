using System.Globalization;
using Microsoft.Extensions.Options;
using RocksDbSharp;

namespace CoolChat.Engines.RocksDb;

/// <summary>Bounds on the engine's memory and disk.</summary>
public sealed class RocksDbOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Storage:RocksDb";

    /// <summary>Bytes of block cache shared by all column families, index and filter blocks included.</summary>
    public long BlockCacheBytes { get; set; } = 64L << 20;

    /// <summary>Bytes of memtables over all column families.</summary>
    public long WriteBufferBytes { get; set; } = 48L << 20;

    /// <summary>Files kept open.</summary>
    public int OpenFiles { get; set; } = 512;

    /// <summary>Free disk below which writes are refused with storage_full instead of being tried.</summary>
    public long ReserveBytes { get; set; } = 64L << 20;
}

/// <summary>Fails the start by the key that is wrong.</summary>
public sealed class RocksDbOptionsValidator : IValidateOptions<RocksDbOptions>
{
    private const long MiB = 1L << 20;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, RocksDbOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> failures = [];
        Check(options.BlockCacheBytes, MiB, MiB << 20, nameof(options.BlockCacheBytes));
        Check(options.WriteBufferBytes, MiB, MiB << 20, nameof(options.WriteBufferBytes));
        Check(options.OpenFiles, 32, 1_000_000, nameof(options.OpenFiles));
        Check(options.ReserveBytes, 0, MiB << 30, nameof(options.ReserveBytes));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(long value, long least, long most, string key)
        {
            if (value < least || value > most)
                failures.Add(string.Create(CultureInfo.InvariantCulture, $"{RocksDbOptions.Section}:{key} is {value}; it must be {least} to {most}."));
        }
    }
}

/// <summary>
/// One open RocksDB with the column families that its stores name. Memory is bounded by a shared block cache, a limit over all memtables and
/// the number of open files; a single owner is ensured by RocksDB's own lock file.
/// </summary>
public sealed class RocksDbEngine : IDisposable
{
    private readonly RocksDbSharp.RocksDb _db;
    private readonly WriteOptions _synced = new WriteOptions().SetSync(true);

    private RocksDbEngine(RocksDbSharp.RocksDb db, string path)
    {
        _db = db;
        Path = path;
    }

    /// <summary>Folder of the database.</summary>
    public string Path { get; }

    /// <summary>
    /// Compaction takes a core for seconds under load and nobody waits for it: it runs when others do not. Flushing keeps its priority, because
    /// writes wait for a memtable.
    /// </summary>
    private static nint Background()
    {
        nint environment = Native.Instance.rocksdb_create_default_env();
        Native.Instance.rocksdb_env_lower_thread_pool_cpu_priority(environment);
        return environment;
    }

    /// <summary>Opens or creates the database in <paramref name="path"/> with exactly these column families (missing ones are created).</summary>
    /// <exception cref="EngineStartException">Held by another process, corrupted, or not writable: says what to do.</exception>
    public static RocksDbEngine Open(string path, IReadOnlyList<string> families, RocksDbOptions options)
    {
        Directory.CreateDirectory(path);
        DbOptions db = new DbOptions()
            .SetCreateIfMissing(true)
            .SetCreateMissingColumnFamilies(true)
            .SetMaxOpenFiles(options.OpenFiles)
            .SetDbWriteBufferSize((ulong)options.WriteBufferBytes)
            .SetMaxTotalWalSize(256UL << 20)
            .SetRecycleLogFileNum(4)
            .SetBytesPerSync(1UL << 20)
            .SetKeepLogFileNum(3)
            .SetMaxLogFileSize(4UL << 20)
            .SetMaxBackgroundCompactions(2)
            .SetEnv(Background());
        Cache cache = Cache.CreateLru((ulong)options.BlockCacheBytes);
        ColumnFamilies columns = new(Family(cache, options));
        foreach (string family in families)
            columns.Add(family, Family(cache, options));
        try
        {
            return new RocksDbEngine(RocksDbSharp.RocksDb.Open(db, path, columns), path);
        }
        catch (RocksDbException failure)
        {
            throw EngineStartException.For(path, failure);
        }
    }

    private static ColumnFamilyOptions Family(Cache cache, RocksDbOptions options) => new ColumnFamilyOptions()
        .SetWriteBufferSize((ulong)Math.Max(options.WriteBufferBytes / 3, 4L << 20))
        .SetMaxWriteBufferNumber(3)
        .SetCompression(Compression.Lz4)
        .SetBlockBasedTableFactory(new BlockBasedTableOptions()
            .SetBlockCache(cache)
            .SetCacheIndexAndFilterBlocks(true)
            .SetPinL0FilterAndIndexBlocksInCache(true)
            // An index a quarter as large as with 4 KiB: it lies in the cache too, and is read whole for one event.
            .SetBlockSize(16 << 10)
            .SetFilterPolicy(BloomFilterPolicy.Create(10, false))
            .SetFormatVersion(5));

    /// <summary>The handle of a column family named at opening.</summary>
    public ColumnFamilyHandle Family(string name) => _db.GetColumnFamily(name);

    /// <summary>The value, or null.</summary>
    public byte[]? Get(ReadOnlySpan<byte> key, ColumnFamilyHandle family) => _db.Get(key, family);

    /// <summary>Whether the key is there.</summary>
    public bool Has(ReadOnlySpan<byte> key, ColumnFamilyHandle family) => _db.HasKey(key, family);

    /// <summary>A new iterator. Always dispose it: it pins files until then.</summary>
    public Iterator Iterate(ColumnFamilyHandle family) => _db.NewIterator(family);

    /// <summary>A consistent view of the database as it is now; dispose it soon, it holds back compaction.</summary>
    public RocksDbView View() => new(_db);

    /// <summary>Writes the batch atomically; returns when it is on disk (fsync).</summary>
    /// <exception cref="RocksDbException">Nothing of the batch may be assumed; the process must not go on writing.</exception>
    public void Commit(WriteBatch batch) => _db.Write(batch, _synced);

    /// <summary>Writes the batch atomically without waiting for the disk: for what a crash may lose.</summary>
    public void WriteUnsynced(WriteBatch batch) => _db.Write(batch);

    /// <summary>Saves a consistent copy into <paramref name="target"/> (must not exist) while running, by hard links where it can.</summary>
    public void Checkpoint(string target)
    {
        using Checkpoint checkpoint = _db.Checkpoint();
        checkpoint.Save(target, 0);
    }

    /// <summary>Rewrites a range so that erased values leave the disk.</summary>
    public void Compact(byte[] first, byte[] last, ColumnFamilyHandle family) => _db.CompactRange(first, last, family);

    /// <summary>Free bytes on the disk that holds the database.</summary>
    public long FreeBytes() => new DriveInfo(Path).AvailableFreeSpace;

    /// <inheritdoc/>
    public void Dispose() => _db.Dispose();
}
