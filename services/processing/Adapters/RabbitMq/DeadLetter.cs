using System.Security.Cryptography;
using System.Text;
using CoolChat.Contracts.Internal;
using RabbitMQ.Client;

namespace CoolChat.Processing.Adapters.RabbitMq;

/// <summary>What an operator sees of a dead letter; never what somebody wrote.</summary>
internal sealed record DeadLetterView
{
    /// <summary>Names it in a replay: from what it holds, so that two of the same have one name.</summary>
    public required string Id { get; init; }

    public required string Reason { get; init; }

    /// <summary>The queue it was in.</summary>
    public string? Queue { get; init; }

    public required int Bytes { get; init; }

    /// <summary>Whether every operation in it can be read by this version, and so replayed.</summary>
    public required bool Replayable { get; init; }

    public required IReadOnlyList<DeadOperationView> Operations { get; init; }
}

/// <summary>An operation in a dead letter.</summary>
/// <param name="Type">Its kind, or that of its command: message.send.</param>
/// <param name="ConversationId">Where.</param>
/// <param name="CommandId">Which, where it has one.</param>
internal sealed record DeadOperationView(string Type, Guid ConversationId, Guid? CommandId);

/// <summary>A message of the queue of dead letters.</summary>
internal sealed class DeadLetter
{
    private const int IdBytes = 16;
    private readonly bool _decided;

    public DeadLetter(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        Id = Convert.ToHexStringLower(SHA256.HashData(body.Span)[..IdBytes]);
        Bytes = body.Length;
        // The broker's own, for what it delivered too often.
        Reason = Text(properties, DeadLetterBox.Reason) ?? Text(properties, "x-first-death-reason") ?? "unknown";
        Queue = Text(properties, DeadLetterBox.From) ?? Text(properties, "x-first-death-queue");
        _decided = properties.Headers?.TryGetValue(DeadLetterBox.Decided, out object? decided) == true && decided is true;
        Operations = properties.Type == OperationWire.Operations ? Read(body) : [];
    }

    public string Id { get; }

    public string Reason { get; }

    public string? Queue { get; }

    public int Bytes { get; }

    /// <summary>All of them, or none when there is one that can't be read.</summary>
    public IReadOnlyList<ConversationOperation> Operations { get; }

    public DeadLetterView View() => new()
    {
        Id = Id,
        Reason = Reason,
        Queue = Queue,
        Bytes = Bytes,
        Replayable = Operations.Count > 0,
        Operations = [.. Operations.Select(View)],
    };

    /// <summary>
    /// What to put into the queue again. A command whose rejection is written down comes under a new id, which follows from the old one: a replay that is
    /// repeated after a crash is the same command again. Any other keeps its id, for it may have been done.
    /// </summary>
    public IEnumerable<ConversationOperation> Replayed() => Operations.Select(operation => operation is LogCommand log && _decided
        ? log with { Command = log.Command with { CommandId = Next(log.Command.CommandId) } }
        : operation);

    /// <summary>A UUIDv7 of the same time.</summary>
    internal static Guid Next(Guid commandId)
    {
        const int time = 6;
        byte[] old = commandId.ToByteArray(bigEndian: true), next = SHA256.HashData([.. "coolchat replay"u8, .. old])[..IdBytes];
        old.AsSpan(0, time).CopyTo(next);
        next[6] = (byte)((next[6] & 0x0f) | 0x70);
        next[8] = (byte)((next[8] & 0x3f) | 0x80);
        return new Guid(next, bigEndian: true);
    }

    private static List<ConversationOperation> Read(ReadOnlyMemory<byte> lines)
    {
        List<ConversationOperation> operations = [];
        while (OperationWire.TryTakeLine(ref lines, out ReadOnlyMemory<byte> line))
        {
            if (!OperationWire.TryDecode(line.Span, out OperationLine? operation, out _))
                return [];
            operations.Add(operation.Do);
        }
        return operations;
    }

    private static DeadOperationView View(ConversationOperation operation) => operation switch
    {
        LogCommand log => new DeadOperationView(log.Command.Type, log.ConversationId, log.Command.CommandId),
        CreateConversation create => new DeadOperationView(nameof(CreateConversation), create.ConversationId, create.CommandId),
        _ => new DeadOperationView(operation.GetType().Name, operation.ConversationId, null),
    };

    private static string? Text(IReadOnlyBasicProperties properties, string header) =>
        properties.Headers?.TryGetValue(header, out object? value) == true && value is byte[] text ? Encoding.UTF8.GetString(text) : null;
}
