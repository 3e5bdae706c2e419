using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using MongoDB.Driver;

namespace CoolChat.Engines.Mongo;

/// <summary>What an exception of the driver means.</summary>
public static class MongoFailures
{
    private const string Transient = "TransientTransactionError";
    private const string UnknownCommit = "UnknownTransactionCommitResult";
    private const int DuplicateKey = 11000;
    private const int OutOfDiskSpace = 14031;

    /// <summary>The transaction was rolled back and may be tried again from its beginning.</summary>
    public static bool IsTransient(Exception failure) => failure is MongoException mongo && mongo.HasErrorLabel(Transient);

    /// <summary>The commit may or may not have happened; committing again is safe.</summary>
    public static bool IsUnknownCommit(Exception failure) => failure is MongoException mongo && mongo.HasErrorLabel(UnknownCommit);

    /// <summary>Somebody else wrote this key before.</summary>
    public static bool IsDuplicateKey(Exception failure) => failure switch
    {
        MongoBulkWriteException bulk => bulk.WriteErrors.Any(error => error.Category == ServerErrorCategory.DuplicateKey),
        MongoWriteException write => write.WriteError?.Category == ServerErrorCategory.DuplicateKey,
        MongoCommandException command => command.Code == DuplicateKey,
        _ => false,
    };

    /// <summary>The server has no room.</summary>
    public static bool IsFull(Exception failure) => failure is MongoCommandException { Code: OutOfDiskSpace };

    /// <summary>Not reachable, no primary, or too slow: nothing that this program did.</summary>
    public static bool IsAway(Exception failure) =>
        failure is MongoConnectionException or TimeoutException or MongoWaitQueueFullException or MongoNotPrimaryException
            or MongoNodeIsRecoveringException or MongoExecutionTimeoutException or MongoConnectionPoolPausedException
        || IsTransient(failure) || IsUnknownCommit(failure);

    /// <summary>What a caller is told while it is away: 503 unavailable.</summary>
    public static RefusedException Unavailable(Exception failure) =>
        new(new Refusal(ErrorCodes.Unavailable, "The store does not answer just now. Nothing was lost; try again.", RetryAfter: 2), failure);
}
