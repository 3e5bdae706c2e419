using System.Text.Json.Serialization;

namespace CoolChat.Contracts.Internal;

/// <summary>
/// The only way to change a conversation. In process: the writer's queue in processing; in the cluster: the partition's RabbitMQ queue.
/// An answer means that the change is durable.
/// </summary>
public interface IConversationWriter
{
    /// <summary>
    /// Queues the operation synchronously (so that one caller's order holds) and completes with its outcome. Refused with busy when the
    /// queue is full. Cancelling stops waiting, never the operation.
    /// </summary>
    ValueTask<Result<OperationResult>> ExecuteAsync(ConversationOperation operation, CancellationToken cancellationToken);

    /// <summary>
    /// Queues the operation like <see cref="ExecuteAsync"/> and tells <paramref name="outcome"/> once. In process this happens on the thread that
    /// delivers live events, right behind the operation's own: the caller's connection then sends both together. Returns why nothing was queued.
    /// </summary>
    Refusal? Post(ConversationOperation operation, IOutcome outcome);

    /// <summary>
    /// Whether <see cref="IOutcome.Accept"/> tells when an operation is durable before it is decided. Where it does, an operation that was not accepted
    /// yet may still be lost, and nobody may be told that it was taken.
    /// </summary>
    bool TellsAcceptance => false;
}

/// <summary>Whoever waits for the outcome of an operation.</summary>
public interface IOutcome
{
    /// <summary>The outcome; called once, on a thread that must not be held up.</summary>
    void Settle(Result<OperationResult> result);

    /// <summary>The operation is durable and will be decided; the outcome follows. May be called before <see cref="Settle"/>, on the same terms.</summary>
    void Accept()
    {
    }
}

/// <summary>What was done.</summary>
public sealed record OperationResult
{
    public required Guid ConversationId { get; init; }

    /// <summary>appended or scheduled, see <see cref="CommandResult"/>.</summary>
    public string Status { get; init; } = CommandResult.Appended;

    public long Seq { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>For <see cref="CreateInvite"/>.</summary>
    public InviteView? Invite { get; init; }
}

/// <summary>
/// Something to do to one conversation, by somebody who is authenticated. The names are those of <see cref="OperationWire"/>: they lie in queues while
/// versions change, so that they are added to, never renamed.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "operation")]
[JsonDerivedType(typeof(LogCommand), "command")]
[JsonDerivedType(typeof(CreateConversation), "conversation.create")]
[JsonDerivedType(typeof(MoveMarks), "marks.move")]
[JsonDerivedType(typeof(SetPreferences), "preferences.set")]
[JsonDerivedType(typeof(CreateInvite), "invite.create")]
[JsonDerivedType(typeof(RevokeInvite), "invite.revoke")]
[JsonDerivedType(typeof(CancelScheduled), "scheduled.cancel")]
[JsonDerivedType(typeof(EraseBodies), "bodies.erase")]
public abstract record ConversationOperation
{
    public required Guid ConversationId { get; init; }

    /// <summary>userId of who does it; <see cref="Actors.System"/> for the server itself.</summary>
    public required Guid Actor { get; init; }

    /// <summary>The actor's device.</summary>
    public Guid? DeviceId { get; init; }
}

/// <summary>Actors that are no accounts.</summary>
public static class Actors
{
    /// <summary>The server: expiry, closing polls.</summary>
    public static readonly Guid System = Guid.Empty;
}

/// <summary>Appends to the log. Fields are validated by the chat service; rights and state are decided by the writer.</summary>
public sealed record LogCommand : ConversationOperation
{
    /// <summary>Members resolved to userIds; <see cref="Command.Members"/> is ignored by the writer.</summary>
    public required Command Command { get; init; }

    /// <summary>member.add and creation: who, resolved.</summary>
    public IReadOnlyList<Guid> Members { get; init; } = [];

    /// <summary>True when a person sent it by hand: moves their read mark. False for the scheduler.</summary>
    public bool ByHand { get; init; } = true;
}

/// <summary>Creates a conversation; its id is derived, see <see cref="ConversationIds"/>. Answers the existing one when it is there.</summary>
public sealed record CreateConversation : ConversationOperation
{
    public required Guid CommandId { get; init; }

    public required string Kind { get; init; }

    /// <summary>Besides the actor; direct: one (the actor themself for notes).</summary>
    public required IReadOnlyList<Guid> Members { get; init; }

    public string? Title { get; init; }

    public string? Topic { get; init; }

    public string HistoryVisibility { get; init; } = HistoryVisibilities.Shared;

    public bool Listed { get; init; }
}

/// <summary>Moves the actor's marks forward; never back.</summary>
public sealed record MoveMarks : ConversationOperation
{
    public long? ReadSeq { get; init; }

    public long? DeliveredSeq { get; init; }
}

/// <summary>Changes the actor's own settings and draft for the conversation.</summary>
public sealed record SetPreferences : ConversationOperation
{
    public required MemberPreferences Preferences { get; init; }
}

/// <summary>Makes an invite link.</summary>
public sealed record CreateInvite : ConversationOperation
{
    public required Guid InviteId { get; init; }

    /// <summary>The secret: at least 128 random bits, base64url.</summary>
    public required string Code { get; init; }

    public required TimeSpan ExpiresIn { get; init; }

    public int? MaxUses { get; init; }
}

/// <summary>Ends an invite link.</summary>
public sealed record RevokeInvite : ConversationOperation
{
    public required Guid InviteId { get; init; }
}

/// <summary>Takes a scheduled message back.</summary>
public sealed record CancelScheduled : ConversationOperation
{
    public required Guid CommandId { get; init; }
}

/// <summary>
/// Erases the bodies of all messages of the actor in the conversation, for an account that was deleted. Also for somebody who has left it or was
/// removed; not_found for who never was in it. Can be repeated.
/// </summary>
public sealed record EraseBodies : ConversationOperation;
