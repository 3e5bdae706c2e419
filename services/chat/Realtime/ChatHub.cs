using System.Diagnostics.CodeAnalysis;
using CoolChat.Chat.Messages;
using CoolChat.Chat.Presence;
using CoolChat.Chat.Protocol;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;

namespace CoolChat.Chat.Realtime;

/// <summary>The hub at /chat/hub. Every call answers <c>ok</c> or an error and throws for nobody; see <see cref="RefusingProtocol"/> for calls that can't be read.</summary>
[Authorize]
[SuppressMessage("Performance", "CA1822", Justification = "SignalR calls instance methods.")]
internal sealed partial class ChatHub(HubServices services) : Hub
{
    private static readonly HubReply Done = new() { Ok = true };

    private ClientConnection Connection => Context.Features.Get<ClientConnection>()
        ?? throw new InvalidOperationException("The connection was not registered.");

    public Task<HelloReply> Hello(HelloRequest? hello)
    {
        _ = hello;
        return Task.FromResult(new HelloReply
        {
            Ok = true,
            ServerTime = services.Time.GetUtcNow(),
            UserId = Connection.UserId,
            Limits = services.Limits,
            Features = HubServices.Features,
        });
    }

    public async Task<HubReply> Authenticate(TokenArgument token) =>
        await Guard(() => new ValueTask<Refusal?>(services.Renewal.RenewAsync(Connection, token.Value)));

    public async Task<CommandResult> Submit(Command? command)
    {
        if (command is null)
            return new CommandResult { Ok = false, Error = Refusal.Invalid("commandId", "It is missing.").ToWire() };
        try
        {
            ClientConnection connection = Connection;
            return await services.Submit.SubmitAsync(connection.Caller, connection, command);
        }
        catch (Exception e)
        {
            return new CommandResult { Ok = false, CommandId = command.CommandId, Error = Describe(e).ToWire() };
        }
    }

    public Task<HubReply> MarkRead(ConversationIdArgument conversationId, SeqArgument seq) =>
        Guard(() => services.Marks.MoveAsync(Connection.Caller, conversationId.Value, readSeq: seq.Value, deliveredSeq: null));

    public Task<HubReply> MarkDelivered(ConversationIdArgument conversationId, SeqArgument seq) =>
        Guard(() => services.Marks.MoveAsync(Connection.Caller, conversationId.Value, readSeq: null, deliveredSeq: seq.Value));

    public Task<HubReply> Typing(ConversationIdArgument conversationId) =>
        Guard(() => services.Typing.TellAsync(Connection.UserId, conversationId.Value, Context.ConnectionAborted));

    public Task<HubReply> WatchPresence(UserIdsArgument userIds) =>
        Guard(() => services.Presence.WatchAsync(Connection, userIds.Value, Context.ConnectionAborted));

    /// <summary>Stands in for a call that could not be read; called by a client it says that it is not valid, which is true.</summary>
    [HubMethodName(RefusingProtocol.Target)]
    public Task<HubReply> Refuse(WireError? error) => Task.FromResult(new HubReply
    {
        Ok = false,
        Error = error ?? new WireError { Code = ErrorCodes.Invalid, Detail = "The call is not valid." },
    });

    private async Task<HubReply> Guard(Func<ValueTask<Refusal?>> call)
    {
        try
        {
            return await call() is { } refusal ? new HubReply { Ok = false, Error = refusal.ToWire() } : Done;
        }
        catch (Exception e)
        {
            return new HubReply { Ok = false, Error = Describe(e).ToWire() };
        }
    }

    private Refusal Describe(Exception exception)
    {
        if (exception is RefusedException refused)
            return refused.Refusal;
        if (exception is OperationCanceledException)
            return new Refusal(ErrorCodes.Unavailable, "The server is stopping. Try again.");
        LogFailure(services.Logger, exception);
        return new Refusal(ErrorCodes.Internal, "Something went wrong on the server.");
    }

    [LoggerMessage(304, LogLevel.Error, "Unhandled failure of a hub call")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}

/// <summary>What the hub calls: one dependency, because SignalR makes a hub for every call.</summary>
internal sealed class HubServices(
    SubmitCommand submit,
    MoveOwnMarks marks,
    TypingNotices typing,
    PresenceTracker presence,
    TokenRenewal renewal,
    TimeProvider time,
    Limits limits,
    ILogger<ChatHub> logger)
{
    public static IReadOnlyList<string> Features { get; } =
        ["threads", "polls", "scheduled", "disappearing", "drafts", "invites", "channels", "search", "presence", "encrypted"];

    public SubmitCommand Submit => submit;

    public MoveOwnMarks Marks => marks;

    public TypingNotices Typing => typing;

    public PresenceTracker Presence => presence;

    public TokenRenewal Renewal => renewal;

    public TimeProvider Time => time;

    public Limits Limits => limits;

    public ILogger Logger => logger;
}
