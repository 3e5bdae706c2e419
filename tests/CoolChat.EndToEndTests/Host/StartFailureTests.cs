using System.Net;
using System.Net.Sockets;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Host;

/// <summary>A start that fails is one line that says what to do, and touches nothing.</summary>
public sealed class StartFailureTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "coolchat-start-" + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Start_PortInUse_SaysSoAndCreatesNothing()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        string url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        ProgramRun run = await ProgramRun.OfAsync("--urls", url, "--data", _folder);

        AssertOneLine(run, "in use", "--urls");
        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public async Task Start_FolderOfARunningServer_NamesTheProcessAndLeavesItAlone()
    {
        await using StandaloneProcess server = await StandaloneProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        ProgramRun run = await ProgramRun.OfAsync("--urls", "http://127.0.0.1:0", "--data", server.DataFolder);
        using HttpClient http = new() { BaseAddress = server.Url };

        AssertOneLine(run, $"process {server.Id}", "--data");
        Assert.True((await http.GetAsync(new Uri("health", UriKind.Relative), TestContext.Current.CancellationToken)).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Start_FolderThatIsAFile_SaysSo()
    {
        await File.WriteAllTextAsync(_folder, "mine", TestContext.Current.CancellationToken);
        try
        {
            AssertOneLine(await ProgramRun.OfAsync("--urls", "http://127.0.0.1:0", "--data", _folder), _folder, "--data");
            Assert.Equal("mine", await File.ReadAllTextAsync(_folder, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(_folder);
        }
    }

    [Theory]
    [InlineData("user.db")]
    [InlineData("media.db")]
    [InlineData("search.db")]
    [InlineData("analysis.db")]
    [InlineData("log/CURRENT")]
    public async Task Start_DamagedDatabase_SaysSoAndLeavesItAsItIs(string name)
    {
        await using (StandaloneProcess server = await StandaloneProcess.StartAsync(new StandaloneSettings { DataFolder = _folder }, TestContext.Current.CancellationToken))
            await server.StopAsync();
        string file = Path.Combine(_folder, name);
        byte[] damaged = [.. "This is no database at all. "u8, .. new byte[8192]];
        await File.WriteAllBytesAsync(file, damaged, TestContext.Current.CancellationToken);

        AssertOneLine(await ProgramRun.OfAsync("--urls", "http://127.0.0.1:0", "--data", _folder), "damaged", "backup");
        Assert.Equal(damaged, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("user.db")]
    [InlineData("media.db")]
    [InlineData("search.db")]
    [InlineData("analysis.db")]
    public async Task Start_DatabaseOfANewerVersion_SaysSoAndLeavesItAsItIs(string name)
    {
        await using (StandaloneProcess server = await StandaloneProcess.StartAsync(new StandaloneSettings { DataFolder = _folder }, TestContext.Current.CancellationToken))
            await server.StopAsync();
        string file = Path.Combine(_folder, name);
        byte[] newer = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        // The version that an application gives its file: four bytes of SQLite's header (https://sqlite.org/fileformat2.html, 1.3).
        newer[62] = 0x7F;
        await File.WriteAllBytesAsync(file, newer, TestContext.Current.CancellationToken);
        Dictionary<string, string> before = Databases();

        AssertOneLine(await ProgramRun.OfAsync("--urls", "http://127.0.0.1:0", "--data", _folder), file, "newer CoolChat", "--data");
        Assert.Equal(before, Databases());
    }

    private Dictionary<string, string> Databases() => Directory.EnumerateFiles(_folder, "*.db")
        .ToDictionary(file => file, file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));

    [Fact]
    public async Task Start_FolderThatCannotBeWritten_SaysSo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a place where even root can't write: /proc.");
        AssertOneLine(await ProgramRun.OfAsync("--urls", "http://127.0.0.1:0", "--data", "/proc/coolchat"), "/proc/coolchat", "--data");
    }

    [Theory]
    [InlineData("RateLimits:Http:Burst=0", "RateLimits:Http:Burst")]
    [InlineData("RateLimits:Http:Burst=many", "RateLimits:Http:Burst")]
    [InlineData("Proxy:Trusted:0=nowhere", "Proxy:Trusted")]
    [InlineData("Auth:PublicOrigins:0=chat.example.org", "Auth:PublicOrigins:0")]
    [InlineData("Registration:Policy=maybe", "Registration:Policy")]
    [InlineData("Media:PartBytes=1", "Media:PartBytes")]
    [InlineData("CoolChat:Shape=cluster", "CoolChat:Shape")]
    [InlineData("Auth:AccessTokenLifetime=01:00:00", "Auth:AccessTokenLifetime")]
    [InlineData("Logging:LogLevel:Default=Loud", "Logging:LogLevel:Default")]
    [InlineData("Storage:RocksDb:BlockCacheBytes=-1", "Storage:RocksDb:BlockCacheBytes")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=collector", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("Registraton:Policy=invite", "Registraton:Policy")]
    [InlineData("Registration:Polcy=invite", "Polcy")]
    [InlineData("nonsense", "--set")]
    public async Task Start_WrongSetting_NamesTheKeyAndCreatesNothing(string setting, string key)
    {
        AssertOneLine(await ProgramRun.OfAsync("--urls", "http://127.0.0.1:0", "--data", _folder, "--set", setting), key);
        Assert.False(Directory.Exists(_folder));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("http://localhost:0")]
    [InlineData("ftp://localhost:5080")]
    [InlineData("http://192.0.2.1:5080")]
    [InlineData("http://localhost:99999")]
    public async Task Start_WrongAddress_SaysSo(string url)
    {
        AssertOneLine(await ProgramRun.OfAsync("--urls", url, "--data", _folder), "--urls");
        Assert.False(Directory.Exists(_folder));
    }

    private static void AssertOneLine(ProgramRun run, params string[] parts)
    {
        string line = Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), candidate => candidate.StartsWith("CoolChat can't start.", StringComparison.Ordinal));
        Assert.Equal(1, run.ExitCode);
        Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }
}
