using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.Engines.RabbitMq.Events;

/// <summary>An integration event as the broker sees it.</summary>
/// <param name="Type">What a handler gets.</param>
/// <param name="Name">Routing key; lies in no queue for longer than a node lives, so that a change of shape is a new name.</param>
/// <param name="IsHint">
/// It says only that there is something to read, which is looked for anyway: its loss delays, and is no failure of what was done. Of the others
/// the publisher must know whether they are out.
/// </param>
internal sealed record EventKind(Type Type, string Name, bool IsHint);

/// <summary>The events that go by RabbitMQ. <see cref="SessionRevoked"/> does not: it has to arrive within a second also where the broker is away.</summary>
internal static class EventKinds
{
    private static readonly EventKind[] All =
    [
        new(typeof(BlockChanged), "block.changed.v1", IsHint: true),
        new(typeof(ProfileChanged), "profile.changed.v1", IsHint: true),
        new(typeof(AccountDeleted), "account.deleted.v1", IsHint: false),
    ];

    /// <exception cref="InvalidOperationException">None that goes this way: a bug.</exception>
    public static EventKind Of(Type type) =>
        Array.Find(All, kind => kind.Type == type) ?? throw new InvalidOperationException($"{type.Name} does not go by RabbitMQ.");

    /// <summary>Null for one of a newer version.</summary>
    public static EventKind? Find(string name) => Array.Find(All, kind => kind.Name == name);

    public static byte[] Write<T>(T integrationEvent)
        where T : class => JsonSerializer.SerializeToUtf8Bytes(integrationEvent, CoolChatJson.Options);

    /// <param name="kind">What it should be.</param>
    /// <param name="body">What came.</param>
    /// <param name="integrationEvent">The event.</param>
    /// <param name="why">Why it is none, without any content.</param>
    public static bool TryRead(EventKind kind, ReadOnlySpan<byte> body, [NotNullWhen(true)] out object? integrationEvent, [NotNullWhen(false)] out string? why)
    {
        try
        {
            integrationEvent = JsonSerializer.Deserialize(body, kind.Type, CoolChatJson.Options);
            why = integrationEvent is null ? "It is null." : null;
        }
        catch (JsonException failure)
        {
            integrationEvent = null;
            why = $"It can't be read at {failure.Path}, byte {failure.BytePositionInLine}.";
        }
        return integrationEvent is not null;
    }
}
