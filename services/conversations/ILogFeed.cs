using CoolChat.Contracts;

namespace CoolChat.Conversations;

/// <summary>All events of all conversations in commit order: what search, analysis and other projections are built from.</summary>
public interface ILogFeed
{
    /// <summary>
    /// Events after <paramref name="position"/> (null = from the very beginning), about <paramref name="limit"/> of them: whole commits
    /// only. Bodies are as they are now: erased ones are absent, so a rebuilt projection never brings erased text back.
    /// </summary>
    ValueTask<LogFeedPage> ReadAsync(string? position, int limit, CancellationToken cancellationToken);

    /// <summary>Completes when there is something after <paramref name="position"/>.</summary>
    Task WaitAsync(string? position, CancellationToken cancellationToken);
}

/// <summary>Some of the log.</summary>
/// <param name="Events">In commit order; empty at the end.</param>
/// <param name="Position">Pass next time; opaque.</param>
public sealed record LogFeedPage(IReadOnlyList<ChatEvent> Events, string Position);
