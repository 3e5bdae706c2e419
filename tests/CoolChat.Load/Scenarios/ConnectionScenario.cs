using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using CoolChat.Contracts;
using CoolChat.Load.Measuring;
using CoolChat.Load.Targets;
using CoolChat.Load.Wire;

namespace CoolChat.Load.Scenarios;

/// <summary>Many connections that do nothing, and many that come back at once.</summary>
internal static class ConnectionScenario
{
    private static readonly TimeSpan StormMost = TimeSpan.FromMinutes(2);

    /// <summary>What a connected person costs who only listens.</summary>
    public static async Task IdleAsync(StandaloneTarget target, int people, TimeSpan duration, CancellationToken cancellationToken)
    {
        IReadOnlyList<Peer> peers = await target.PrepareAsync(people, 2, cancellationToken);
        double before = ProcessUsage.ResidentMiB(target.Pid);
        using Fleet fleet = await Fleet.OpenAsync(target, peers, static (_, _) => { }, cancellationToken);
        TimeSpan cpu = ProcessUsage.Cpu(target.Pid);
        await Task.Delay(duration, cancellationToken);
        TimeSpan used = ProcessUsage.Cpu(target.Pid) - cpu;
        double after = ProcessUsage.ResidentMiB(target.Pid);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"idle      {people} connections: resident {before:0} -> {after:0} MiB ({(after - before) * 1024 / people:0.0} KiB a connection), CPU {used.TotalSeconds / duration.TotalSeconds * 100:0.0} % of a core, {fleet.Connections.Count(connection => connection.IsClosed)} lost"));
    }

    /// <summary>The server is killed under everybody; all come back at once and sync.</summary>
    public static async Task StormAsync(StandaloneTarget target, int people, CancellationToken cancellationToken)
    {
        IReadOnlyList<Peer> peers = await target.PrepareAsync(people, 2, cancellationToken);
        using HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = target.Url };
        string[] since = new string[people];
        await Parallel.ForAsync(0, people, cancellationToken, async (i, token) => since[i] = (await SyncAsync(http, peers[i], null, token)).Since);
        using (Fleet fleet = await Fleet.OpenAsync(target, peers, static (_, _) => { }, cancellationToken))
        {
            target.Process.Kill();
            await target.Process.StartAgainAsync(cancellationToken);
        }
        Measurement measurement = new();
        long start = Stopwatch.GetTimestamp();
        ConcurrentBag<WireConnection> back = [];
        await Task.WhenAll(Enumerable.Range(0, people).Select(async i =>
        {
            back.Add(await ReturnAsync(target, peers[i], i, start, cancellationToken));
            await SyncAsync(http, peers[i], since[i], cancellationToken);
            Measurement.Record(measurement.Answer, start);
        }));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"storm     {people} clients reconnected and in sync in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s: {Measurement.Describe(measurement.Answer)}"));
        foreach (WireConnection connection in back)
            connection.Dispose();
    }

    /// <summary>Tries until it is in; a server that refuses at first is what a storm is about.</summary>
    private static async Task<WireConnection> ReturnAsync(ITarget target, Peer peer, int number, long start, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await Fleet.OpenOneAsync(target, peer, number, static (_, _) => { }, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && Stopwatch.GetElapsedTime(start) < StormMost)
            {
                await Task.Delay(Random.Shared.Next(50, 200 << Math.Min(attempt, 4)), cancellationToken);
            }
        }
    }

    private static async Task<SyncPage> SyncAsync(HttpClient http, Peer peer, string? since, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "chat/sync") { Content = JsonContent.Create(new SyncRequest { Since = since }, options: CoolChatJson.Options) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", peer.Token);
        using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<SyncPage>(CoolChatJson.Options, cancellationToken))!;
    }
}
