using System.Globalization;
using CoolChat.Contracts;
using CoolChat.Load.Targets;

namespace CoolChat.Load.Wire;

/// <summary>Connections of many people, opened a few at a time and kept alive.</summary>
internal sealed class Fleet : IDisposable
{
    private const int OpenAtOnce = 32;
    private readonly Timer _pings;

    private Fleet(WireConnection[] connections)
    {
        Connections = connections;
        _pings = new Timer(_ => Ping(), null, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(8));
    }

    public WireConnection[] Connections { get; }

    public static async Task<Fleet> OpenAsync(ITarget target, IReadOnlyList<Peer> peers, RecordHandler handler, CancellationToken cancellationToken)
    {
        WireConnection[] connections = new WireConnection[peers.Count];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = OpenAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, peers.Count, parallel, async (i, token) => connections[i] = await OpenOneAsync(target, peers[i], i, handler, token));
        return new Fleet(connections);
    }

    public static async Task<WireConnection> OpenOneAsync(ITarget target, Peer peer, int number, RecordHandler handler, CancellationToken cancellationToken)
    {
        WireConnection connection = new() { Number = number, OnRecord = handler.Invoke };
        await connection.OpenAsync(new Uri(target.Url, "chat/hub"), peer.Token, cancellationToken);
        string hello = await connection.CallAsync(
            string.Create(CultureInfo.InvariantCulture, $"{{\"type\":1,\"invocationId\":\"h\",\"target\":\"{HubMethods.Hello}\",\"arguments\":[{{\"client\":\"load\"}}]}}"), cancellationToken);
        return hello.Contains("\"ok\":true", StringComparison.Ordinal) ? connection : throw new InvalidOperationException("Hello was refused: " + hello);
    }

    private void Ping()
    {
        foreach (WireConnection connection in Connections)
            connection.KeepAlive();
    }

    public void Dispose()
    {
        _pings.Dispose();
        foreach (WireConnection connection in Connections)
            connection.Dispose();
    }
}

/// <summary>Takes a record of a connection.</summary>
internal delegate void RecordHandler(WireConnection connection, ReadOnlySpan<byte> record);
