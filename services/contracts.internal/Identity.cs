namespace CoolChat.Contracts.Internal;

/// <summary>A public key (P-256) that access tokens may be signed with.</summary>
/// <param name="KeyId">The token's <c>kid</c>.</param>
/// <param name="X">32 bytes.</param>
/// <param name="Y">32 bytes.</param>
public sealed record VerificationKey(string KeyId, ReadOnlyMemory<byte> X, ReadOnlyMemory<byte> Y);

/// <summary>The keys that tokens are verified with. In process: the user service's ring; in the cluster: its JWKS, cached.</summary>
public interface IVerificationKeys
{
    /// <summary>All keys that may still have signed a living token, newest first. Never blocks.</summary>
    IReadOnlyList<VerificationKey> Current { get; }
}

/// <summary>Sessions ended before their tokens did. Answers from memory: it is asked on every request.</summary>
public interface ISessionStatus
{
    bool IsRevoked(Guid sessionId);
}

/// <summary>Who has blocked whom: a projection in memory, asked on hot paths. The user service owns the truth.</summary>
public interface IBlockList
{
    bool IsBlocked(Guid blocker, Guid blocked);
}

/// <summary>What other services ask of people.</summary>
public interface IUserDirectory
{
    /// <summary>
    /// Resolves userIds and addresses to userIds, in order. An address that has never signed in gets an account that waits for it.
    /// Refused with <c>not_found</c> (field names the position) when a userId is unknown, or when that person has blocked <paramref name="asker"/>.
    /// </summary>
    ValueTask<Result<IReadOnlyList<Guid>>> ResolveAsync(Guid asker, IReadOnlyList<string> idsOrAddresses, CancellationToken cancellationToken);

    /// <summary>Names of people; unknown ids are left out.</summary>
    ValueTask<IReadOnlyList<DirectoryEntry>> LookUpAsync(IReadOnlyList<Guid> userIds, CancellationToken cancellationToken);

    /// <summary>People whose name or address begins with <paramref name="prefix"/>, for the search operator <c>from:</c>. At most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<Guid>> FindByPrefixAsync(string prefix, int limit, CancellationToken cancellationToken);

    /// <summary>Whether <paramref name="other"/> is among the contacts of <paramref name="owner"/>.</summary>
    ValueTask<bool> IsContactAsync(Guid owner, Guid other, CancellationToken cancellationToken);
}

/// <summary>Whole lists of contacts, for services that ask about many people at once.</summary>
public interface IContactLists
{
    /// <summary>The contacts of <paramref name="owner"/>; there are at most as many as the user service lets one have.</summary>
    ValueTask<IReadOnlyList<Guid>> ListContactsAsync(Guid owner, CancellationToken cancellationToken);
}

/// <summary>When people were last here. The user service keeps it with the account, and forgets it with the account.</summary>
public interface ILastSeen
{
    /// <summary>Notes times; one that is not later than what is known changes nothing, nor does one of a deleted account.</summary>
    ValueTask NoteAsync(IReadOnlyCollection<KeyValuePair<Guid, DateTimeOffset>> seen, CancellationToken cancellationToken);

    /// <summary>Times of those for whom there is one.</summary>
    ValueTask<IReadOnlyDictionary<Guid, DateTimeOffset>> FindAsync(IReadOnlyCollection<Guid> userIds, CancellationToken cancellationToken);
}

/// <summary>A person as other services know them.</summary>
public sealed record DirectoryEntry(Guid UserId, string Address, string? DisplayName = null, string? Language = null, string? TimeZone = null);

/// <summary>A part of "everything about me": each service adds its own to the export and erases it with the account.</summary>
public interface IPersonalData
{
    /// <summary>Folder in the export: user, chat, media.</summary>
    string Section { get; }

    /// <summary>Writes this service's files about the person through <paramref name="writeFile"/> (name, content).</summary>
    Task ExportAsync(Guid userId, Func<string, Func<Stream, CancellationToken, Task>, Task> writeFile, CancellationToken cancellationToken);

    /// <summary>Erases personal data; with <paramref name="eraseMessages"/> also the bodies of the person's messages. Can be repeated.</summary>
    Task EraseAsync(Guid userId, bool eraseMessages, CancellationToken cancellationToken);
}
