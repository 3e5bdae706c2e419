using CoolChat.Engines.RocksDb;
using RocksDbSharp;

namespace CoolChat.Conversations.Adapters.RocksDb;

/// <summary>Walks over the keys that begin with a prefix.</summary>
internal static class Scan
{
    public delegate bool Visit(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value);

    /// <summary>Ascending from <paramref name="from"/> (the prefix itself, or a key in it) until the prefix ends or <paramref name="visit"/> says stop.</summary>
    public static void Up(RocksDbView view, ColumnFamilyHandle family, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> from, Visit visit)
    {
        using Iterator iterator = view.Iterate(family);
        for (iterator.Seek(from); iterator.Valid() && iterator.GetKeySpan().StartsWith(prefix); iterator.Next())
        {
            if (!visit(iterator.GetKeySpan(), iterator.GetValueSpan()))
                return;
        }
    }

    /// <summary>Descending from the last key at or below <paramref name="from"/>.</summary>
    public static void Down(RocksDbView view, ColumnFamilyHandle family, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> from, Visit visit)
    {
        using Iterator iterator = view.Iterate(family);
        for (iterator.SeekForPrev(from); iterator.Valid() && iterator.GetKeySpan().StartsWith(prefix); iterator.Prev())
        {
            if (!visit(iterator.GetKeySpan(), iterator.GetValueSpan()))
                return;
        }
    }

    /// <summary>How many keys there are from <paramref name="from"/> to the end of the prefix, counting at most <paramref name="most"/>.</summary>
    public static int Count(RocksDbView view, ColumnFamilyHandle family, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> from, int most)
    {
        int count = 0;
        Up(view, family, prefix, from, (_, _) => ++count < most);
        return count;
    }
}
