using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using CoolChat.Testing;

namespace CoolChat.DeploymentTests;

/// <summary>deploy/dashboard: the dashboard by itself, as its script starts it, beside a server that exports to it.</summary>
public sealed class DashboardTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy", "dashboard");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dashboard_BesideStandalone_ReceivesTracesMetricsAndLogs()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")) && Environment.GetEnvironmentVariable("COOLCHAT_REQUIRE_ENGINES") != "1")
            Assert.Skip("The dashboard is not installed: deploy/dashboard/dashboard.sh --install");
        if (!OperatingSystem.IsLinux())
            Assert.Skip("The pinned package is for Linux.");

        Uri page = Free(), receiver = Free();
        using Process dashboard = Start(page, receiver, Free());
        try
        {
            using HttpClient http = new() { BaseAddress = page, Timeout = TimeSpan.FromSeconds(10) };
            await Eventually.TrueAsync(async () => Running(dashboard) && await ResourcesAsync(http) is not null, "the dashboard answers", TimeSpan.FromSeconds(120));
            await using StandaloneProcess server = await StandaloneProcess.StartAsync(
                new StandaloneSettings
                {
                    Configuration = new Dictionary<string, string>
                    {
                        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.GetLeftPart(UriPartial.Authority),
                        ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
                        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
                    },
                },
                Token);
            using HttpClient client = new() { BaseAddress = server.Url };
            (await client.GetAsync(new Uri("/user/auth/config", UriKind.Relative), Token)).EnsureSuccessStatusCode();

            await Eventually.TrueAsync(async () => Running(dashboard) && HasAll(await ResourcesAsync(http)), "the dashboard has traces, metrics and logs of the server",
                TimeSpan.FromSeconds(120));
            JsonElement traces = await http.GetFromJsonAsync<JsonElement>(new Uri("/api/telemetry/traces", UriKind.Relative), Token);
            Assert.Contains("GET /user/auth/config", traces.GetRawText(), StringComparison.Ordinal);
        }
        finally
        {
            dashboard.Kill(entireProcessTree: true);
            await dashboard.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Null while it does not answer.</summary>
    private static async Task<JsonElement[]?> ResourcesAsync(HttpClient http)
    {
        try
        {
            return await http.GetFromJsonAsync<JsonElement[]>(new Uri("/api/telemetry/resources", UriKind.Relative), Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !Token.IsCancellationRequested)
        {
            return null;
        }
    }

    private static bool HasAll(JsonElement[]? resources) => resources is not null && resources.Any(resource =>
        resource.GetProperty("name").GetString() == "coolchat-standalone"
        && resource.GetProperty("hasTraces").GetBoolean() && resource.GetProperty("hasMetrics").GetBoolean() && resource.GetProperty("hasLogs").GetBoolean());

    private static bool Running(Process dashboard) =>
        dashboard.HasExited ? throw new InvalidOperationException($"dashboard.sh ended with {dashboard.ExitCode}.") : true;

    private static Process Start(Uri page, Uri grpc, Uri http) => Process.Start(new ProcessStartInfo("bash",
        [
            Path.Combine(Folder, "dashboard.sh"), "--frontend-url", page.GetLeftPart(UriPartial.Authority),
            "--otlp-grpc-url", grpc.GetLeftPart(UriPartial.Authority), "--otlp-http-url", http.GetLeftPart(UriPartial.Authority),
        ]))!;

    private static Uri Free() => new($"http://127.0.0.1:{StandaloneProcess.FreePort()}");
}
