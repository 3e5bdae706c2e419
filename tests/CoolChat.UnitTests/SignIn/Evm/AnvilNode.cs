using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;
using CoolChat.User.SignIn;
using Xunit;

namespace CoolChat.UnitTests.SignIn.Evm;

/// <summary>
/// A real EVM: an Ethereum node in a process of its own, installed from tests/evm by npm when it is missing. Where that can't be, the tests are skipped,
/// visibly; with CI=true they fail.
/// </summary>
public sealed class AnvilNode : IAsyncLifetime
{
    public const ulong ChainId = 31337;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MiningLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);

    private readonly HttpClient _http = new();
    private Process? _process;
    private Uri? _address;
    private SignInHost? _host;
    private string? _missing;

    /// <summary>Where it listens. Skips the test where there is no node.</summary>
    public Uri Address
    {
        get
        {
            Assert.SkipWhen(_missing is not null, "No Ethereum node: " + _missing);
            return _address!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        try
        {
            string folder = Path.Combine(RepositoryRoot(), "tests", "evm");
            await StartAsync(FindBinary(folder) ?? await InstallAsync(folder));
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            _missing = e.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process?.Dispose();
    }

    /// <summary>A host that knows this node's chain beside its home chain.</summary>
    internal async Task<SignInHost> HostAsync() => _host ??= await SignInHost.StartAsync(
        "--Auth:PublicOrigins:0=" + SignInHost.Site, "--Auth:ChainIds:0=1", $"--Auth:ChainIds:1={ChainId}", $"--Ethereum:Rpc:{ChainId}={Address}");

    /// <summary>Deploys a contract of this code.</summary>
    internal async Task<EthereumAddress> DeployAsync(byte[] runtime)
    {
        string? contract = (await SendAsync(null, EvmAssembler.Creation(runtime))).GetProperty("contractAddress").GetString();
        Assert.True(EthereumAddress.TryParse(contract, out EthereumAddress address));
        return address;
    }

    /// <summary>A transaction by the node's own first account, mined at once; its receipt.</summary>
    internal async Task<JsonElement> SendAsync(EthereumAddress? to, byte[] data)
    {
        string? sender = (await CallAsync("eth_accounts"))[0].GetString();
        Dictionary<string, object?> transaction = new() { ["from"] = sender, ["data"] = Hex(data), ["gas"] = "0x1000000" };
        if (to is { } address)
            transaction["to"] = address.ToLowerHex();
        string? hash = (await CallAsync("eth_sendTransaction", transaction)).GetString();
        using CancellationTokenSource limit = new(MiningLimit);
        JsonElement receipt = await CallAsync("eth_getTransactionReceipt", hash!);
        for (; receipt.ValueKind == JsonValueKind.Null; receipt = await CallAsync("eth_getTransactionReceipt", hash!))
            await Task.Delay(10, limit.Token);
        Assert.Equal("0x1", receipt.GetProperty("status").GetString());
        return receipt;
    }

    internal async Task<bool> HasCodeAsync(EthereumAddress address) =>
        (await CallAsync("eth_getCode", address.ToLowerHex(), "latest")).GetString() != "0x";

    private async Task<JsonElement> CallAsync(string method, params object[] parameters)
    {
        using HttpResponseMessage response = await _http.PostAsJsonAsync(Address, new { jsonrpc = "2.0", id = 1, method, @params = parameters });
        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return answer.TryGetProperty("result", out JsonElement result) ? result : throw new InvalidOperationException(answer.ToString());
    }

    private async Task StartAsync(string binary)
    {
        TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = Process.Start(new ProcessStartInfo(binary, ["--host", "127.0.0.1", "--port", "0", "--chain-id", $"{ChainId}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("anvil did not start.");
        _process.OutputDataReceived += (_, line) =>
        {
            const string begin = "Listening on ";
            if (line.Data?.StartsWith(begin, StringComparison.Ordinal) == true)
                listening.TrySetResult(new Uri("http://" + line.Data[begin.Length..].Trim()));
            else if (line.Data is null)
                listening.TrySetException(new InvalidOperationException("anvil ended before it listened."));
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _address = await listening.Task.WaitAsync(StartLimit);
    }

    private static async Task<string> InstallAsync(string folder)
    {
        string npm = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "npm.cmd" : "npm";
        using Process install = Process.Start(new ProcessStartInfo(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        {
            WorkingDirectory = folder,
        }) ?? throw new InvalidOperationException("npm did not start.");
        using CancellationTokenSource limit = new(InstallLimit);
        try
        {
            await install.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            install.Kill(entireProcessTree: true);
        }
        return FindBinary(folder) ?? throw new FileNotFoundException("npm ci in tests/evm did not bring anvil.");
    }

    /// <summary>The program itself, not npm's starter in front of it: killing that would leave the program running.</summary>
    private static string? FindBinary(string folder)
    {
        string packages = Path.Combine(folder, "node_modules", "@foundry-rs");
        return !Directory.Exists(packages) ? null : Directory.EnumerateDirectories(packages, "anvil-*")
            .SelectMany(static package => (string[])[Path.Combine(package, "bin", "anvil"), Path.Combine(package, "bin", "anvil.exe")])
            .FirstOrDefault(File.Exists);
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CoolChat.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
    }

    private static string Hex(byte[] data) => "0x" + Convert.ToHexStringLower(data);
}
