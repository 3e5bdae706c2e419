using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using CoolChat.Client;
using CoolChat.Load.Measuring;
using CoolChat.Load.Targets;
using CoolChat.Load.Wire;
using CoolChat.Testing;

namespace CoolChat.Load.Scenarios;

/// <summary>Reading a long log, and moving bytes.</summary>
internal static class StoreScenario
{
    private const int Pages = 2000;
    private const int PageSize = 50;

    /// <summary>Fills one log, then reads pages anywhere in it.</summary>
    public static async Task HistoryAsync(StandaloneTarget target, int messages, double rate, CancellationToken cancellationToken)
    {
        IReadOnlyList<Peer> peers = await target.PrepareAsync(2, 2, cancellationToken);
        MessageRun run = new(target, peers, 2, 100);
        using (Fleet fleet = await Fleet.OpenAsync(target, peers, run.OnRecord, cancellationToken))
        {
            for (long filled = 0; filled < messages;)
            {
                RunResult result = await run.RunAsync(fleet, rate, TimeSpan.FromSeconds(Math.Min(10, (messages - filled) / rate + 0.1)), cancellationToken);
                filled += result.Sent;
                if (result.Measurement.Refused > 0 || result.Lagged)
                    rate = Math.Max(1000, rate / 2);
            }
        }
        using HttpClient http = new() { BaseAddress = target.Url };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", peers[0].Token);
        Measurement measurement = new();
        for (int i = 0; i < Pages; i++)
        {
            int before = Random.Shared.Next(2, messages);
            long start = Stopwatch.GetTimestamp();
            string path = string.Create(CultureInfo.InvariantCulture, $"chat/conversations/{peers[0].ConversationId}/messages?before={before}&limit={PageSize}");
            using HttpResponseMessage response = await http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
            response.EnsureSuccessStatusCode();
            await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (i >= 100)
                Measurement.Record(measurement.Answer, start);
        }
        Console.WriteLine($"history   pages of {PageSize} in a log of {messages}: {Measurement.Describe(measurement.Answer)}, resident {ProcessUsage.ResidentMiB(target.Pid):0} MiB");
    }

    /// <summary>Several people upload and download at once.</summary>
    public static async Task UploadAsync(StandaloneTarget target, int people, int megabytes, CancellationToken cancellationToken)
    {
        string file = Path.GetTempFileName();
        try
        {
            byte[] content = new byte[megabytes << 20];
            Random.Shared.NextBytes(content);
            await File.WriteAllBytesAsync(file, content, cancellationToken);
            TestPerson[] all = await Task.WhenAll(Enumerable.Range(0, people).Select(_ => TestPerson.SignInAsync(target.Url, options: new CoolChatClientOptions())));
            long start = Stopwatch.GetTimestamp();
            Guid[] media = await Task.WhenAll(all.Select(async person => (await person.Client.Media.UploadAsync(file, "application/octet-stream", null, cancellationToken)).MediaId));
            double up = Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
            await Task.WhenAll(all.Select((person, i) => person.Client.Media.DownloadAsync(media[i], Stream.Null, cancellationToken: cancellationToken)));
            double down = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"upload    {people} x {megabytes} MiB: up {people * megabytes / up:0} MiB/s, down {people * megabytes / down:0} MiB/s, resident {ProcessUsage.ResidentMiB(target.Pid):0} MiB"));
            foreach (TestPerson person in all)
                await person.DisposeAsync();
        }
        finally
        {
            File.Delete(file);
        }
    }
}
