using System.Collections.Concurrent;
using CoolChat.Contracts;

namespace CoolChat.Client;

/// <summary>Keeps commands until their outcome is known, so that they outlive the process. Calls come one at a time.</summary>
public interface IOutboxStore
{
    /// <summary>The commands kept, oldest first.</summary>
    ValueTask<IReadOnlyList<Command>> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a command; durable when it returns.</summary>
    ValueTask AddAsync(Command command, CancellationToken cancellationToken);

    /// <summary>Forgets a command whose outcome is known.</summary>
    ValueTask RemoveAsync(Guid commandId, CancellationToken cancellationToken);
}

/// <summary>Keeps nothing beyond the process.</summary>
internal sealed class MemoryOutboxStore : IOutboxStore
{
    private readonly ConcurrentDictionary<Guid, Command> _commands = new();

    public ValueTask<IReadOnlyList<Command>> LoadAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Command>>([.. _commands.Values.OrderBy(command => command.CommandId)]);

    public ValueTask AddAsync(Command command, CancellationToken cancellationToken)
    {
        _commands[command.CommandId] = command;
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(Guid commandId, CancellationToken cancellationToken)
    {
        _commands.TryRemove(commandId, out _);
        return ValueTask.CompletedTask;
    }
}
