using System.Runtime.CompilerServices;
using System.Text.Json;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;

namespace CoolChat.Chat.PersonalData;

/// <summary>
/// A person's conversations: in the export how each looks to them, every event of their own, also where they are no member any more, and what waits to be
/// sent, as JSON lines; with the account they leave groups and channels, and if they ask the bodies of their messages are erased wherever they wrote them.
/// </summary>
internal sealed class ChatPersonalData(IConversationReader conversations, IConversationWriter writer) : IPersonalData
{
    private const int PageSize = 200;
    private static readonly ReadOnlyMemory<byte> LineFeed = "\n"u8.ToArray();

    public string Section => "chat";

    public async Task ExportAsync(Guid userId, Func<string, Func<Stream, CancellationToken, Task>, Task> writeFile, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writeFile);
        await writeFile("conversations.jsonl", (stream, token) => WriteLinesAsync(stream, ListConversationsAsync(userId, token), token));
        await writeFile("events.jsonl", (stream, token) => WriteLinesAsync(stream, ListOwnEventsAsync(userId, token), token));
        await writeFile("scheduled.jsonl", (stream, token) => WriteLinesAsync(stream, ListScheduledAsync(userId, token), token));
    }

    public async Task EraseAsync(Guid userId, bool eraseMessages, CancellationToken cancellationToken)
    {
        await foreach (ScheduledView scheduled in ListScheduledAsync(userId, cancellationToken))
            await DoAsync(new CancelScheduled { ConversationId = scheduled.ConversationId, Actor = userId, CommandId = scheduled.CommandId });
        foreach (Guid id in await conversations.ListConversationIdsAsync(userId, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (eraseMessages)
                await EraseBodiesAsync(userId, id);
            Membership? membership = await conversations.FindMembershipAsync(id, userId, cancellationToken);
            if (membership is null or { Kind: ConversationKinds.Direct })
                continue;
            if (membership.Role == Roles.Owner && await FindHeirAsync(userId, id, cancellationToken) is { } heir)
                await DoAsync(Order(id, userId, CommandTypes.MemberRole) with { Command = ToOwner(id, heir) });
            await DoAsync(Order(id, userId, CommandTypes.MemberLeave));
        }
        if (!eraseMessages)
            return;
        foreach (Guid id in await conversations.ListFormerConversationIdsAsync(userId, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await EraseBodiesAsync(userId, id);
        }
    }

    private Task EraseBodiesAsync(Guid userId, Guid conversationId) => DoAsync(new EraseBodies { ConversationId = conversationId, Actor = userId });

    /// <summary>Admins come first in the list of members, so the most trusted one inherits.</summary>
    private async ValueTask<Guid?> FindHeirAsync(Guid owner, Guid conversationId, CancellationToken cancellationToken)
    {
        Result<Page<MemberEntry>> members = await conversations.ListMembersAsync(owner, conversationId, null, 2, cancellationToken);
        return members.Ok ? members.Value.Items.Where(member => member.UserId != owner).Select(member => (Guid?)member.UserId).FirstOrDefault() : null;
    }

    private static Command ToOwner(Guid conversationId, Guid heir) => new()
    {
        CommandId = Guid.CreateVersion7(),
        ConversationId = conversationId,
        Type = CommandTypes.MemberRole,
        UserId = heir,
        Role = Roles.Owner,
    };

    private static LogCommand Order(Guid conversationId, Guid actor, string type) => new()
    {
        ConversationId = conversationId,
        Actor = actor,
        Command = new Command { CommandId = Guid.CreateVersion7(), ConversationId = conversationId, Type = type },
        ByHand = false,
    };

    /// <summary>What another request did meanwhile is done; anything else must not pass as erased.</summary>
    private async Task DoAsync(ConversationOperation operation)
    {
        Result<OperationResult> result = await writer.ExecuteAsync(operation, CancellationToken.None);
        if (!result.Ok && result.Refusal.Code is not (ErrorCodes.NotFound or ErrorCodes.Conflict))
            throw new RefusedException(result.Refusal);
    }

    private async IAsyncEnumerable<ConversationView> ListConversationsAsync(Guid userId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            Page<ConversationView> page = Require(await conversations.ListAsync(userId, next, PageSize, cancellationToken));
            foreach (ConversationView view in page.Items)
                yield return view;
            next = page.Next;
        }
        while (next is not null);
    }

    private async IAsyncEnumerable<ChatEvent> ListOwnEventsAsync(Guid userId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<Guid> current = await conversations.ListConversationIdsAsync(userId, cancellationToken);
        IReadOnlyList<Guid> former = await conversations.ListFormerConversationIdsAsync(userId, cancellationToken);
        // Who leaves or comes back meanwhile may be in both.
        foreach (Guid id in current.Union(former))
        {
            long? after = 0;
            while (after is not null)
            {
                OwnEventPage page = await conversations.ReadOwnEventsAsync(userId, id, after.Value, PageSize, cancellationToken);
                foreach (ChatEvent own in page.Events)
                    yield return own;
                after = page.Next;
            }
        }
    }

    private async IAsyncEnumerable<ScheduledView> ListScheduledAsync(Guid userId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            Page<ScheduledView> page = Require(await conversations.ListScheduledAsync(userId, next, PageSize, cancellationToken));
            foreach (ScheduledView scheduled in page.Items)
                yield return scheduled;
            next = page.Next;
        }
        while (next is not null);
    }

    private static T Require<T>(Result<T> result) => result.Ok ? result.Value : throw new RefusedException(result.Refusal);

    private static async Task WriteLinesAsync<T>(Stream stream, IAsyncEnumerable<T> items, CancellationToken cancellationToken)
    {
        await foreach (T item in items.WithCancellation(cancellationToken))
        {
            await JsonSerializer.SerializeAsync(stream, item, CoolChatJson.Options, cancellationToken);
            await stream.WriteAsync(LineFeed, cancellationToken);
        }
    }
}
