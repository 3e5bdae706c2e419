using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using Xunit;

namespace CoolChat.ContractTests.Conversations;

/// <summary>What holds for the writer and the reader of conversations on every store.</summary>
public abstract partial class ConversationContract : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coolchat-contract-").FullName;
    private IConversationBackend? _backend;

    protected Guid Ada { get; } = Guid.CreateVersion7();

    protected Guid Bo { get; } = Guid.CreateVersion7();

    protected Guid Cy { get; } = Guid.CreateVersion7();

    protected Neighbours Neighbours { get; } = new();

    protected IConversationWriter Writer => _backend!.Writer;

    protected IConversationReader Reader => _backend!.Reader;

    protected ILogFeed Feed => _backend!.Feed;

    protected IMediaGrants Grants => _backend!.Grants;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens the store in <paramref name="folder"/>, which may hold what an earlier instance wrote.</summary>
    protected abstract Task<IConversationBackend> OpenAsync(string folder, Neighbours neighbours);

    public async ValueTask InitializeAsync() => _backend = await OpenAsync(_folder, Neighbours);

    public async ValueTask DisposeAsync()
    {
        if (_backend is not null)
            await _backend.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected async Task RestartAsync()
    {
        await _backend!.DisposeAsync();
        _backend = await OpenAsync(_folder, Neighbours);
    }

    protected async Task<Guid> DirectAsync(Guid a, Guid b)
    {
        Result<OperationResult> created = await Writer.ExecuteAsync(
            new CreateConversation
            {
                ConversationId = ConversationIds.Direct(a, b),
                Actor = a,
                CommandId = Guid.CreateVersion7(),
                Kind = ConversationKinds.Direct,
                Members = [b],
            },
            Token);
        Assert.True(created.Ok, created.Refusal?.Detail);
        return created.Value.ConversationId;
    }

    protected async Task<Guid> GroupAsync(Guid owner, IReadOnlyList<Guid> members, string kind = ConversationKinds.Group, string history = HistoryVisibilities.Shared, bool listed = false)
    {
        Guid command = Guid.CreateVersion7();
        Result<OperationResult> created = await Writer.ExecuteAsync(
            new CreateConversation
            {
                ConversationId = ConversationIds.Created(owner, command),
                Actor = owner,
                CommandId = command,
                Kind = kind,
                Members = members,
                Title = "Tide gauge",
                HistoryVisibility = history,
                Listed = listed,
            },
            Token);
        Assert.True(created.Ok, created.Refusal?.Detail);
        return created.Value.ConversationId;
    }

    protected static Command Message(Guid conversation, string text, Guid? commandId = null) => new()
    {
        CommandId = commandId ?? Guid.CreateVersion7(),
        ConversationId = conversation,
        Type = CommandTypes.MessageSend,
        Content = new Content { Type = ContentTypes.Text, Text = text },
    };

    protected static Command About(Guid conversation, string type, Guid? messageId) => new()
    {
        CommandId = Guid.CreateVersion7(),
        ConversationId = conversation,
        Type = type,
        MessageId = messageId,
    };

    protected async Task<Result<OperationResult>> TryAsync(Guid actor, Command command, params Guid[] members) =>
        await Writer.ExecuteAsync(
            new LogCommand { ConversationId = command.ConversationId, Actor = actor, Command = command, Members = members }, Token);

    protected async Task<OperationResult> DoAsync(Guid actor, Command command, params Guid[] members)
    {
        Result<OperationResult> result = await TryAsync(actor, command, members);
        Assert.True(result.Ok, $"{command.Type}: {result.Refusal?.Code} {result.Refusal?.Detail}");
        return result.Value;
    }

    protected async Task<Guid> SendAsync(Guid actor, Guid conversation, string text)
    {
        Command command = Message(conversation, text);
        await DoAsync(actor, command);
        return command.CommandId;
    }

    protected async Task<string?> RefusedAsync(Guid actor, Command command, params Guid[] members) =>
        (await TryAsync(actor, command, members)).Refusal?.Code;

    protected async Task<ConversationView> ViewAsync(Guid viewer, Guid conversation)
    {
        Result<ConversationView> view = await Reader.GetAsync(viewer, conversation, Token);
        Assert.True(view.Ok, view.Refusal?.Code);
        return view.Value;
    }

    protected async Task<IReadOnlyList<ChatEvent>> LogAsync(Guid viewer, Guid conversation)
    {
        Result<EventPage> page = await Reader.ReadEventsAsync(viewer, conversation, null, null, 10_000, Token);
        Assert.True(page.Ok, page.Refusal?.Code);
        return page.Value.Events;
    }

    protected async Task<MessagePage> MessagesAsync(Guid viewer, Guid conversation, MessageRange range = default, int limit = 100)
    {
        Result<MessagePage> page = await Reader.ReadMessagesAsync(viewer, conversation, range, limit, Token);
        Assert.True(page.Ok, page.Refusal?.Code);
        return page.Value;
    }

    internal static void AssertChain(IReadOnlyList<ChatEvent> log)
    {
        byte[] previous = HashChain.Genesis.ToArray();
        for (int i = 0; i < log.Count; i++)
        {
            Assert.Equal(i + 1, log[i].Seq);
            Assert.Equal(previous, System.Buffers.Text.Base64Url.DecodeFromChars(log[i].PrevHash));
            Assert.True(HashChain.BodyMatches(log[i]));
            previous = HashChain.HashHeader(log[i]);
        }
    }
}
