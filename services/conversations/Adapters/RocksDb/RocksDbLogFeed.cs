using System.Globalization;
using CoolChat.Contracts;
using CoolChat.Conversations.Log;
using CoolChat.Engines.RocksDb;

namespace CoolChat.Conversations.Adapters.RocksDb;

/// <summary>Follows the family <c>feed</c>: a position is the stamp of the last commit read.</summary>
internal sealed class RocksDbLogFeed(RocksDbEngine engine, ConversationFamilies families, CommitSignal signal) : ILogFeed
{
    public ValueTask<LogFeedPage> ReadAsync(string? position, int limit, CancellationToken cancellationToken)
    {
        long stamp = Parse(position);
        using RocksDbView view = engine.View();
        List<ChatEvent> events = [];
        Scan.Up(view, families.Feed, default, Keys.Number(stamp + 1), (key, value) =>
        {
            if (events.Count >= limit || cancellationToken.IsCancellationRequested)
                return false;
            stamp = Keys.ReadNumber(key, 0);
            for (int at = 0; at < value.Length; at += 32)
                AddRun(view, events, Keys.ReadId(value, at), Keys.ReadNumber(value, at + 16), Keys.ReadNumber(value, at + 24));
            return true;
        });
        return new(new LogFeedPage(events, stamp.ToString(CultureInfo.InvariantCulture)));
    }

    public async Task WaitAsync(string? position, CancellationToken cancellationToken)
    {
        long stamp = Parse(position);
        using (RocksDbView view = engine.View())
        {
            bool more = false;
            Scan.Up(view, families.Feed, default, Keys.Number(stamp + 1), (_, _) =>
            {
                more = true;
                return false;
            });
            if (more)
                return;
            // Commits without events have stamps too: wait from the last commit, not from the last one that fed us.
            stamp = Math.Max(stamp, view.Get(Keys.Stamp, families.Meta) is { } last ? Keys.ReadNumber(last, 0) : 0);
        }
        await signal.WaitAsync(stamp, cancellationToken);
    }

    private void AddRun(RocksDbView view, List<ChatEvent> events, Guid conversation, long first, long count)
    {
        for (long seq = first; seq < first + count; seq++)
        {
            if (view.Get(Keys.At(conversation, seq), families.Events) is { } record)
                events.Add(StoredEvent.Decode(record).ToWire());
        }
    }

    private static long Parse(string? position) =>
        position is null ? 0 : long.Parse(position, NumberStyles.None, CultureInfo.InvariantCulture);
}
