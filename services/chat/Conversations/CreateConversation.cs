using CoolChat.Chat.Messages;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using CoolChat.ServiceDefaults.Identity;
using WriterOperation = CoolChat.Contracts.Internal.CreateConversation;

namespace CoolChat.Chat.Conversations;

/// <summary>Creates a conversation, or finds the one that the same request or pair of people created before.</summary>
internal sealed class CreateConversation(
    Limits limits, PersonLimits personLimits, IUserDirectory people, IBlockList blocks, IConversationWriter writer, IConversationReader conversations)
{
    public async Task<Result<ConversationView>> CreateAsync(Caller caller, CreateConversationRequest request, CancellationToken cancellationToken)
    {
        if ((Check(request) ?? personLimits.Take(caller.UserId, Allowance.Creates)) is { } refusal)
            return refusal;
        bool direct = request.Kind == ConversationKinds.Direct;
        Result<IReadOnlyList<Guid>> resolved = await ResolveAsync(caller.UserId, request.Members ?? [], cancellationToken);
        if (!resolved.Ok)
            return resolved.Refusal;
        Guid[] members = [.. resolved.Value.Distinct().Where(id => direct || id != caller.UserId)];
        Guid conversationId = direct
            ? ConversationIds.Direct(caller.UserId, members[0])
            : ConversationIds.Created(caller.UserId, request.CommandId);
        Result<OperationResult> created = await writer.ExecuteAsync(
            new WriterOperation
            {
                ConversationId = conversationId,
                Actor = caller.UserId,
                DeviceId = caller.DeviceId,
                CommandId = request.CommandId,
                Kind = request.Kind,
                Members = members,
                Title = request.Title,
                Topic = request.Topic,
                HistoryVisibility = request.HistoryVisibility ?? HistoryVisibilities.Shared,
                Listed = request.Kind == ConversationKinds.Channel && (request.Listed ?? true),
            },
            CancellationToken.None);
        return created.Ok ? await conversations.GetAsync(caller.UserId, created.Value.ConversationId, cancellationToken) : created.Refusal;
    }

    private async ValueTask<Result<IReadOnlyList<Guid>>> ResolveAsync(Guid asker, IReadOnlyList<string> named, CancellationToken cancellationToken)
    {
        if (named.Count == 0)
            return Array.Empty<Guid>();
        Result<IReadOnlyList<Guid>> resolved = await people.ResolveAsync(asker, named, cancellationToken);
        if (!resolved.Ok)
            return resolved;
        for (int i = 0; i < resolved.Value.Count; i++)
        {
            // Like somebody who isn't there: a block is not told.
            if (blocks.IsBlocked(resolved.Value[i], asker))
                return new Refusal(ErrorCodes.NotFound, "There is no such person.", $"members[{i}]");
        }
        return resolved;
    }

    private Refusal? Check(CreateConversationRequest request)
    {
        if (CommandValidation.CheckId(request.CommandId, "commandId") is { } id)
            return id;
        Refusal? shape = request.Kind switch
        {
            ConversationKinds.Direct => CheckDirect(request),
            ConversationKinds.Group or ConversationKinds.Channel => CheckShared(request),
            _ => Refusal.Invalid("kind", "direct, group or channel."),
        };
        return shape ?? CommandValidation.CheckVisibility(request.HistoryVisibility, "historyVisibility");
    }

    private static Refusal? CheckDirect(CreateConversationRequest request) =>
        request.Title is not null ? Refusal.Invalid("title", "A direct conversation has no title.")
        : request.Topic is not null ? Refusal.Invalid("topic", "A direct conversation has no topic.")
        : request.Listed == true ? Refusal.Invalid("listed", "Only channels are listed.")
        : CommandValidation.CheckMembers(request.Members, "members", 1);

    private Refusal? CheckShared(CreateConversationRequest request) =>
        (request.Title is null ? Refusal.Invalid("title", "It is missing.") : TextRules.CheckLine(request.Title, "title", limits.TitleChars))
        ?? (request.Topic is { } topic ? TextRules.CheckLines(topic, "topic", limits.TopicChars) : null)
        ?? (request.Listed == true && request.Kind != ConversationKinds.Channel ? Refusal.Invalid("listed", "Only channels are listed.") : null)
        ?? (request.Members is { Count: > 0 } members ? CommandValidation.CheckMembers(members, "members", limits.MembersPerCommand) : null);
}
