using System.Collections.Concurrent;
using Npgsql;

namespace CoolChat.DocumentDbGateway;

/// <summary>Where a query goes on, and the connection that it must go on with, if any.</summary>
internal sealed class Cursor(byte[] continuation, NpgsqlConnection? connection, long began)
{
    public byte[] Continuation { get; set; } = continuation;

    public NpgsqlConnection? Connection => connection;

    public long Began => began;
}

/// <summary>Open cursors by their id. Like mongod, one that is ten minutes old is closed.</summary>
internal sealed class Cursors(TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<long, Cursor> _open = new();

    public void Open(long id, byte[] continuation, NpgsqlConnection? connection) => _open[id] = new Cursor(continuation, connection, time.GetTimestamp());

    public Cursor Find(long id) => _open.TryGetValue(id, out Cursor? cursor) ? cursor : throw new MongoException(43, $"cursor id {id} not found");

    public async Task CloseAsync(long id)
    {
        if (!_open.TryRemove(id, out Cursor? cursor) || cursor.Connection is not { } connection)
            return;
        await using (connection)
        {
            try
            {
                await using NpgsqlCommand command = new("CLOSE ALL", connection);
                await command.ExecuteNonQueryAsync();
            }
            catch (NpgsqlException)
            {
                // The connection is lost, and the cursor with it.
            }
        }
    }

    public async Task CloseOldAsync()
    {
        foreach ((long id, Cursor cursor) in _open)
        {
            if (time.GetElapsedTime(cursor.Began) > Lifetime)
                await CloseAsync(id);
        }
    }
}
