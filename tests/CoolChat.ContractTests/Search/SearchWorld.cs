using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ContractTests.Conversations;
using CoolChat.Engines.Mongo;
using CoolChat.Processing;
using CoolChat.Processing.Projections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace CoolChat.ContractTests.Search;

/// <summary>The writer, the log and what is folded from it, on a folder: opening it twice is a restart.</summary>
public sealed class SearchWorld : IAsyncDisposable, IUserDirectory
{
    private readonly IHost _host;

    private SearchWorld(IHost host) => _host = host;

    public Dictionary<string, Guid> Names { get; } = new(StringComparer.OrdinalIgnoreCase);

    public IMessageSearch Search => _host.Services.GetRequiredService<IMessageSearch>();

    private IConversationWriter Writer => _host.Services.GetRequiredService<IConversationWriter>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>On RocksDB and SQLite in <paramref name="folder"/>.</summary>
    public static Task<SearchWorld> OpenAsync(string folder, Neighbours neighbours) =>
        OpenAsync(neighbours, builder => builder.AddProcessing(), new KeyValuePair<string, string?>("CoolChat:Data", folder));

    /// <summary>On MongoDB, in a database of the folder's name.</summary>
    public static async Task<SearchWorld> OpenAsync(MongoDatabases databases, string folder, Neighbours neighbours) => await OpenAsync(
        neighbours,
        builder => builder.AddMongoProcessing(),
        new KeyValuePair<string, string?>(MongoEngine.ConnectionStringKey, await databases.ConnectionStringAsync(Path.GetFileName(folder))));

    /// <summary>On whatever <paramref name="addProcessing"/> adds: a writer, a reader, and what is folded behind the log.</summary>
    public static async Task<SearchWorld> OpenAsync(
        Neighbours neighbours, Action<IHostApplicationBuilder> addProcessing, params KeyValuePair<string, string?>[] configuration)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([.. configuration, new("Processing:Writer:PaceMs", "0")]);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<TimeProvider>(neighbours.Time);
        builder.Services.AddSingleton<ILiveFanout>(neighbours);
        builder.Services.AddSingleton<IBlockList>(neighbours);
        SearchWorld? world = null;
        builder.Services.AddSingleton<IUserDirectory>(_ => world!);
        addProcessing(builder);
        world = new SearchWorld(builder.Build());
        await world._host.StartAsync(Token);
        return world;
    }

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Until every projection has read the log to its end.</summary>
    public async Task CatchUpAsync()
    {
        foreach (LogProjection projection in _host.Services.GetServices<IRebuildable>().Cast<LogProjection>())
        {
            while (await projection.StepAsync(Token) > 0)
            {
                // The next batch.
            }
        }
    }

    public async Task RebuildAsync()
    {
        foreach (IRebuildable projection in _host.Services.GetServices<IRebuildable>())
            await projection.RebuildAsync(null, Token);
    }

    public async Task<Guid> GroupAsync(Guid owner, IReadOnlyList<Guid> members, string title = "Tide gauge", string history = HistoryVisibilities.Shared)
    {
        Guid command = Guid.CreateVersion7();
        Result<OperationResult> created = await Writer.ExecuteAsync(
            new CreateConversation
            {
                ConversationId = ConversationIds.Created(owner, command),
                Actor = owner,
                CommandId = command,
                Kind = ConversationKinds.Group,
                Members = members,
                Title = title,
                HistoryVisibility = history,
            },
            Token);
        Assert.True(created.Ok, created.Refusal?.Detail);
        return created.Value.ConversationId;
    }

    public Task<Guid> SendAsync(Guid conversation, Guid actor, string text, Mentions? mentions = null) =>
        SendAsync(conversation, actor, new Content { Type = ContentTypes.Text, Text = text }, mentions);

    public async Task<Guid> SendAsync(Guid conversation, Guid actor, Content content, Mentions? mentions = null)
    {
        Guid id = Guid.CreateVersion7();
        await RunAsync(actor, new Command { CommandId = id, ConversationId = conversation, Type = CommandTypes.MessageSend, Content = content, Mentions = mentions });
        return id;
    }

    public Task EditAsync(Guid conversation, Guid actor, Guid message, string text) => RunAsync(actor, new Command
    {
        CommandId = Guid.CreateVersion7(),
        ConversationId = conversation,
        Type = CommandTypes.MessageEdit,
        MessageId = message,
        Content = new Content { Type = ContentTypes.Text, Text = text },
    });

    public Task DeleteAsync(Guid conversation, Guid actor, Guid message) => RunAsync(actor, new Command
    {
        CommandId = Guid.CreateVersion7(),
        ConversationId = conversation,
        Type = CommandTypes.MessageDelete,
        MessageId = message,
    });

    public Task AddMemberAsync(Guid conversation, Guid actor, Guid member) => RunAsync(
        actor,
        new Command { CommandId = Guid.CreateVersion7(), ConversationId = conversation, Type = CommandTypes.MemberAdd, Role = Roles.Member },
        member);

    public Task RemoveMemberAsync(Guid conversation, Guid actor, Guid member) => RunAsync(
        actor, new Command { CommandId = Guid.CreateVersion7(), ConversationId = conversation, Type = CommandTypes.MemberRemove, UserId = member });

    public async Task EraseAsync(Guid conversation, Guid actor)
    {
        Result<OperationResult> done = await Writer.ExecuteAsync(new EraseBodies { ConversationId = conversation, Actor = actor }, Token);
        Assert.True(done.Ok, done.Refusal?.Detail);
    }

    public async Task<Page<SearchHit>> FindAsync(Guid viewer, string query, int limit = 50, string? next = null)
    {
        Result<Page<SearchHit>> found = await Search.SearchAsync(viewer, query, next, limit, Token);
        Assert.True(found.Ok, $"{query}: {found.Refusal?.Detail}");
        return found.Value;
    }

    public async Task<List<Guid>> IdsAsync(Guid viewer, string query) =>
        [.. (await FindAsync(viewer, query)).Items.Select(hit => hit.Message.MessageId)];

    public ValueTask<IReadOnlyList<Guid>> FindByPrefixAsync(string prefix, int limit, CancellationToken cancellationToken) =>
        new([.. Names.Where(name => name.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).Select(name => name.Value).Take(limit)]);

    public ValueTask<Result<IReadOnlyList<Guid>>> ResolveAsync(Guid asker, IReadOnlyList<string> idsOrAddresses, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Search asks for prefixes only.");

    public ValueTask<IReadOnlyList<DirectoryEntry>> LookUpAsync(IReadOnlyList<Guid> userIds, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Search asks for prefixes only.");

    public ValueTask<bool> IsContactAsync(Guid owner, Guid other, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Search asks for prefixes only.");

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private async Task RunAsync(Guid actor, Command command, params Guid[] members)
    {
        Result<OperationResult> done = await Writer.ExecuteAsync(
            new LogCommand { ConversationId = command.ConversationId, Actor = actor, Command = command, Members = members }, Token);
        Assert.True(done.Ok, done.Refusal?.Detail);
    }
}
