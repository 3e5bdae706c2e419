using System.Collections.Concurrent;
using System.Net;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Host;

public sealed class TelemetryTests
{
    private const string Words = "what people say is nobody else's";

    [Fact]
    public async Task Otlp_Configured_GetsTracesMetricsAndLogs_AndPrometheusIsThereAnyway()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string collector = $"http://127.0.0.1:{StandaloneProcess.FreePort()}/";
        using HttpListener listener = new() { Prefixes = { collector } };
        listener.Start();
        ConcurrentQueue<(string Path, byte[] Body)> received = [];
        Task listening = ListenAsync(listener, received);
        await using (StandaloneProcess server = await StandaloneProcess.StartAsync(
            new StandaloneSettings
            {
                Configuration = new Dictionary<string, string>
                {
                    ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector,
                    ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                    ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
                },
            },
            token))
        {
            await using TestPerson person = await TestPerson.ConnectAsync(server.Url, cancellationToken: token);
            Guid notes = (await person.Client.Chat.OpenDirectAsync(person.Id.ToString(), token)).Id;
            await person.Client.SendTextAsync(notes, Words, cancellationToken: token);
            await Eventually.TrueAsync(
                () => new[] { "/v1/traces", "/v1/metrics", "/v1/logs" }.All(path => received.Any(one => one.Path == path)), "all three arrive");
            // The hub's address carries the token; neither it nor what people write goes anywhere.
            string token64 = person.Client.Tokens.AccessToken.Split('.')[2];
            foreach (string secret in new[] { Words, token64, person.Client.Tokens.RefreshToken! })
                Assert.DoesNotContain(received, one => one.Body.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(secret)) >= 0);
            using HttpClient http = new() { BaseAddress = server.Url };
            Assert.Contains("http_server_request_duration", await http.GetStringAsync(new Uri("metrics", UriKind.Relative), token), StringComparison.Ordinal);
        }
        listener.Stop();
        await listening;
    }

    private static async Task ListenAsync(HttpListener listener, ConcurrentQueue<(string Path, byte[] Body)> received)
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await listener.GetContextAsync();
                using MemoryStream body = new();
                await context.Request.InputStream.CopyToAsync(body);
                received.Enqueue((context.Request.Url!.AbsolutePath, body.ToArray()));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // Stopped.
        }
    }
}
