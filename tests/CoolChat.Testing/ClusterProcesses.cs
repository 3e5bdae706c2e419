using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace CoolChat.Testing;

/// <summary>
/// A cluster of its own for tests that break parts of it: engines, two chat and two processing nodes, user and the gateway, each a process. Without
/// media. All are gone after <see cref="DisposeAsync"/>, or soon after this process ends.
/// </summary>
public sealed class ClusterProcesses : IAsyncDisposable
{
    private string[] _processingSettings = [];

    private ClusterProcesses()
    {
    }

    /// <summary>MongoDB, RabbitMQ and Redis.</summary>
    public EngineSet Engines { get; } = new();

    /// <summary>Where people go.</summary>
    public ServiceProgram Gateway { get; } = new("gateway");

    /// <summary>The only user service.</summary>
    public ServiceProgram User { get; } = new("user");

    /// <summary>Chat nodes.</summary>
    public IReadOnlyList<ServiceProgram> Chat { get; } = [new("chat"), new("chat")];

    /// <summary>Processing nodes.</summary>
    public IReadOnlyList<ServiceProgram> Processing { get; } = [new("processing"), new("processing")];

    /// <summary>StackExchange.Redis configuration.</summary>
    public string Redis { get; private set; } = "";

    /// <summary>RabbitMQ's management API, with user and password.</summary>
    public Uri RabbitMqManagement { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Starts one more processing node, which the caller ends.</summary>
    public async Task<ServiceProgram> AddProcessingAsync()
    {
        ServiceProgram node = new("processing");
        await node.StartAsync(_processingSettings);
        return node;
    }

    /// <summary>Starts all and waits until it is healthy.</summary>
    public static async Task<ClusterProcesses> StartAsync()
    {
        ClusterProcesses cluster = new();
        try
        {
            await cluster.StartAllAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when the gateway reaches every service again, whichever node it chooses.</summary>
    public async Task AnswersAsync()
    {
        const int Enough = 20;
        using HttpClient http = new() { BaseAddress = Gateway.Url, Timeout = TimeSpan.FromSeconds(5) };
        int answered = 0;
        await Eventually.TrueAsync(
            async () => (answered = await AnswersAsync(http) ? answered + 1 : 0) >= Enough, "all services answer through the gateway", TimeSpan.FromSeconds(120));
    }

    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using HttpResponseMessage user = await http.GetAsync(new Uri("user/auth/config", UriKind.Relative));
            // Without a token: 401 is an answer.
            using HttpResponseMessage chat = await http.GetAsync(new Uri("chat/conversations", UriKind.Relative));
            return (int)user.StatusCode < 500 && (int)chat.StatusCode < 500;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>FLUSHALL.</summary>
    public async Task EmptyRedisAsync()
    {
        string[] address = Redis.Split(':');
        using TcpClient client = new();
        await client.ConnectAsync(address[0], int.Parse(address[1], CultureInfo.InvariantCulture));
        await client.GetStream().WriteAsync("FLUSHALL\r\n"u8.ToArray());
        byte[] answer = new byte[5];
        await client.GetStream().ReadExactlyAsync(answer);
        if (!answer.AsSpan().SequenceEqual("+OK\r\n"u8))
            throw new InvalidOperationException($"FLUSHALL: {Encoding.ASCII.GetString(answer)}");
    }

    /// <summary>What the services wrote last, for a failure's report.</summary>
    public void WriteOutput(Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        foreach ((string name, ServiceProgram program) in Named)
            write($"== {name} ({program.Url}):\n{program.Output}");
    }

    private IEnumerable<(string Name, ServiceProgram Program)> Named =>
        [("gateway", Gateway), ("user", User), .. Chat.Select((node, i) => ($"chat {i}", node)), .. Processing.Select((node, i) => ($"processing {i}", node))];

    private async Task StartAllAsync()
    {
        // Before the services, so that it is skipped where there are none.
        string mongo = await CoolChat.Testing.Engines.StartInAsync(Engines, "mongodb");
        Redis = await CoolChat.Testing.Engines.StartInAsync(Engines, "redis");
        IReadOnlyDictionary<string, string> rabbit = await Engines.StartAsync("rabbitmq");
        RabbitMqManagement = new Uri(rabbit["COOLCHAT_TEST_RABBITMQ_MANAGEMENT"]);
        string[] stores = [$"ConnectionStrings:mongodb={mongo}", $"ConnectionStrings:redis={Redis}", $"ConnectionStrings:rabbitmq={rabbit["COOLCHAT_TEST_RABBITMQ"]}"];
        // Tests come from one address and in bursts.
        string[] common = [.. stores, "RateLimits:Http:Enabled=false", "RateLimits:Chat:Enabled=false"];
        Pairs pairs = new();
        string nowhere = "http://127.0.0.1:1/";
        string user = User.Url.AbsoluteUri, chat = Chat[0].Url.AbsoluteUri, processing = Processing[0].Url.AbsoluteUri;
        User.Launch([.. common, $"Auth:PublicOrigins:0={Gateway.Url.GetLeftPart(UriPartial.Authority)}", .. pairs.Calls("user", ("media", nowhere), ("chat", chat)), .. pairs.IsCalled("user", "media", "chat", "processing")]);
        _processingSettings = [.. common, .. pairs.Calls("processing", ("user", user)), .. pairs.IsCalled("processing", "chat")];
        foreach (ServiceProgram node in Processing)
            node.Launch(_processingSettings);
        foreach (ServiceProgram node in Chat)
            node.Launch([.. common, .. pairs.Calls("chat", ("user", user), ("media", nowhere), ("processing", processing)), .. pairs.IsCalled("chat", "user")]);
        Gateway.Launch([.. GatewaySettings()]);
        await Task.WhenAll(All.Select(program => program.WaitUntilHealthyAsync()));
    }

    private IEnumerable<ServiceProgram> All => [User, .. Processing, .. Chat, Gateway];

    private IEnumerable<string> GatewaySettings() =>
    [
        "RateLimits:Http:Enabled=false", "Edge:Drain=00:00:01", $"ReverseProxy:Clusters:user:Destinations:1:Address={User.Url}",
        .. Chat.Select((node, number) => $"ReverseProxy:Clusters:chat:Destinations:{number}:Address={node.Url}"),
    ];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProgram program in All)
            await program.DisposeAsync();
        await Engines.DisposeAsync();
    }

    /// <summary>A secret for each pair of caller and called.</summary>
    private sealed class Pairs
    {
        private readonly Dictionary<(string Caller, string Called), string> _secrets = [];

        public IEnumerable<string> Calls(string self, params (string Service, string Address)[] called) =>
            called.SelectMany(other => new[] { $"Services:{other.Service}:http:0={other.Address}", $"Services:{other.Service}:Key={Secret(self, other.Service)}" });

        public IEnumerable<string> IsCalled(string self, params string[] callers) => callers.Select(caller => $"Callers:{caller}:Key={Secret(caller, self)}");

        private string Secret(string caller, string called) => _secrets.TryGetValue((caller, called), out string? known)
            ? known
            : _secrets[(caller, called)] = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
    }
}
