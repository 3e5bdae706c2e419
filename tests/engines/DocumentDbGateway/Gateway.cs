using System.Net;
using System.Net.Sockets;
using MongoDB.Bson;
using Npgsql;

namespace CoolChat.DocumentDbGateway;

/// <summary>
/// Speaks MongoDB's wire protocol on a loopback port and hands the commands to the DocumentDB extension of PostgreSQL. Presents itself as
/// the primary of a replica set of one, so that drivers allow transactions. An engine for tests: no authentication, no change streams.
/// </summary>
internal sealed class Gateway : IAsyncDisposable
{
    private const int MostRetries = 30;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(5);
    private readonly NpgsqlDataSource _source;
    private readonly Transactions _transactions;
    private readonly Cursors _cursors;
    private readonly Commands _commands;
    private readonly TimeProvider _time;
    private readonly int _port;
    // Retries run one at a time, so that they can't deadlock with one another.
    private readonly SemaphoreSlim _retrying = new(1);
    private int _connections;

    public Gateway(string postgres, int port, TimeProvider time)
    {
        _port = port;
        _time = time;
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(postgres)
        {
            MaxPoolSize = 150,
            MinPoolSize = 4,
            NoResetOnClose = true,
            MaxAutoPrepare = 40,
            AutoPrepareMinUsages = 2,
            CommandTimeout = 120,
            SearchPath = "documentdb_api_catalog,documentdb_api,documentdb_core,public",
        });
        _transactions = new Transactions(_source, time);
        _cursors = new Cursors(time);
        _commands = new Commands(_source, _transactions, _cursors);
    }

    /// <summary>Serves until the process ends.</summary>
    public async Task RunAsync()
    {
        await using (await _source.OpenConnectionAsync())
        {
            // Only to fail now when PostgreSQL is not there.
        }

        using TcpListener listener = new(IPAddress.Loopback, _port);
        listener.Start(512);
        _ = SweepAsync();
        while (true)
            _ = ServeAsync(await listener.AcceptTcpClientAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _retrying.Dispose();
    }

    private async Task ServeAsync(TcpClient client)
    {
        int connection = Interlocked.Increment(ref _connections);
        byte[] header = new byte[Wire.HeaderBytes];
        try
        {
            using TcpClient owned = client;
            client.NoDelay = true;
            NetworkStream stream = client.GetStream();
            while (true)
            {
                await stream.ReadExactlyAsync(header);
                (int length, int id, int code) = Wire.ReadHeader(header);
                byte[] payload = new byte[length];
                await stream.ReadExactlyAsync(payload);
                byte[] reply = await AnswerAsync(Wire.Parse(code, payload), connection);
                if (Wire.WantsReply(code, payload))
                    await stream.WriteAsync(Wire.Reply(reply, id, code));
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException)
        {
            // The client has gone.
        }
        catch (Exception failure)
        {
            Console.Error.WriteLine(failure);
        }
    }

    private async Task<byte[]> AnswerAsync(Request request, int connection)
    {
        if (request.Name is "hello" or "isMaster" or "ismaster")
            return Hello(connection).ToBson();
        for (int attempt = 0; ; attempt++)
        {
            if (attempt > 0)
                await _retrying.WaitAsync();
            try
            {
                return await _commands.ExecuteAsync(request);
            }
            catch (PostgresException conflict) when (conflict.SqlState is "40P01" or "40001" && attempt < MostRetries && !request.InTransaction)
            {
                // mongod tries conflicts of single operations again itself.
            }
            catch (Exception failure)
            {
                if (request.InTransaction)
                    await _transactions.AbortAsync(request.Session);
                // As a mongod that is killed: whether the request was done, nobody is told.
                if (Errors.IsEngineGone(failure))
                    throw new IOException("PostgreSQL is gone.", failure);
                return Errors.ToReply(request, failure).ToBson();
            }
            finally
            {
                if (attempt > 0)
                    _retrying.Release();
            }
        }
    }

    private BsonDocument Hello(int connection)
    {
        string me = $"127.0.0.1:{_port}";
        return new BsonDocument
        {
            { "helloOk", true },
            { "ismaster", true },
            { "isWritablePrimary", true },
            { "maxBsonObjectSize", 16 * 1024 * 1024 },
            { "maxMessageSizeBytes", 48_000_000 },
            { "maxWriteBatchSize", 100_000 },
            { "localTime", _time.GetUtcNow().UtcDateTime },
            { "logicalSessionTimeoutMinutes", 30 },
            { "connectionId", connection },
            { "minWireVersion", 0 },
            { "maxWireVersion", 21 },
            { "readOnly", false },
            { "setName", "rs0" },
            { "setVersion", 1 },
            { "secondary", false },
            { "hosts", new BsonArray { me } },
            { "me", me },
            { "primary", me },
            { "ok", 1.0 },
        };
    }

    private async Task SweepAsync()
    {
        using PeriodicTimer timer = new(SweepEvery, _time);
        while (await timer.WaitForNextTickAsync())
        {
            await _transactions.AbortOldAsync();
            await _cursors.CloseOldAsync();
        }
    }
}
