using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.Load.Targets;

/// <summary>The standalone server, started for the measurement with its limits on single people lifted.</summary>
internal sealed class StandaloneTarget(StandaloneProcess process) : ITarget
{
    private const int MembersPerCommand = 100;

    public string Name => "coolchat";

    public Uri Url => process.Url;

    public int Pid => process.Id;

    public StandaloneProcess Process => process;

    public static async Task<StandaloneTarget> StartAsync() => new(await StandaloneProcess.StartAsync(new StandaloneSettings
    {
        Configuration = new Dictionary<string, string>
        {
            ["RateLimits:Http:Enabled"] = "false",
            // One generator's person stands for many: limits on single people are lifted.
            ["RateLimits:Chat:Enabled"] = "false",
            ["Logging:LogLevel:Default"] = "Warning",
        },
    }));

    public async Task<IReadOnlyList<Peer>> PrepareAsync(int people, int roomSize, CancellationToken cancellationToken)
    {
        using HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 16 }) { Timeout = TimeSpan.FromSeconds(60) };
        CoolChatClientOptions options = new() { HttpClient = http };
        CoolChatClient[] clients = new CoolChatClient[people];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, people, parallel, async (i, token) => clients[i] = await CoolChatClient.SignInAsync(Url, WalletKey.Create(), options, token));
        Peer[] peers = new Peer[people];
        await Parallel.ForAsync(0, (people + roomSize - 1) / roomSize, parallel, async (room, token) =>
        {
            CoolChatClient[] members = clients[(room * roomSize)..Math.Min(people, (room + 1) * roomSize)];
            Guid conversation = await OpenAsync(members, token);
            for (int i = 0; i < members.Length; i++)
                peers[(room * roomSize) + i] = new Peer(members[i].Tokens.AccessToken, conversation);
        });
        foreach (CoolChatClient client in clients)
            await client.DisposeAsync();
        return peers;
    }

    private static async Task<Guid> OpenAsync(CoolChatClient[] members, CancellationToken cancellationToken)
    {
        string[] ids = [.. members.Skip(1).Select(member => member.UserId.ToString())];
        if (members.Length <= 2)
            return (await members[0].Chat.OpenDirectAsync(ids.FirstOrDefault() ?? members[0].UserId.ToString(), cancellationToken)).Id;
        Guid group = (await members[0].Chat.CreateGroupAsync("Load", [.. ids.Take(MembersPerCommand)], cancellationToken)).Id;
        foreach (string[] more in ids.Skip(MembersPerCommand).Chunk(MembersPerCommand))
        {
            Command add = new() { CommandId = Guid.CreateVersion7(), ConversationId = group, Type = CommandTypes.MemberAdd, Members = more };
            CommandResult added = await members[0].Chat.SubmitAsync(add, cancellationToken);
            if (!added.Ok)
                throw new InvalidOperationException($"Adding members was refused: {added.Error?.Code}");
        }
        return group;
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
