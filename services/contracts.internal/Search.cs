namespace CoolChat.Contracts.Internal;

/// <summary>Search over all that a person may read. Written by processing from the log.</summary>
public interface IMessageSearch
{
    /// <summary>
    /// Runs a query of words, "phrases", prefix* and the operators from: in: has: before: after:, newest first.
    /// Refused with invalid (field q) when it can't be understood.
    /// </summary>
    ValueTask<Result<Page<SearchHit>>> SearchAsync(Guid viewer, string query, string? next, int limit, CancellationToken cancellationToken);
}
