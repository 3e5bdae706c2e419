using System.Collections.Concurrent;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.UnitTests.Chat;

/// <summary>The user service's ports in memory.</summary>
internal sealed class FakePeople(IReadOnlyList<VerificationKey> keys) : IVerificationKeys, ISessionStatus, IBlockList, IUserDirectory, ILastSeen
{
    public ConcurrentDictionary<Guid, byte> Known { get; } = [];

    public ConcurrentDictionary<Guid, byte> Revoked { get; } = [];

    public ConcurrentDictionary<(Guid Blocker, Guid Blocked), byte> Blocks { get; } = [];

    public ConcurrentDictionary<(Guid Owner, Guid Other), byte> Contacts { get; } = [];

    public ConcurrentDictionary<Guid, DateTimeOffset> Seen { get; } = [];

    public IReadOnlyList<VerificationKey> Current => keys;

    public bool IsRevoked(Guid sessionId) => Revoked.ContainsKey(sessionId);

    public bool IsBlocked(Guid blocker, Guid blocked) => Blocks.ContainsKey((blocker, blocked));

    public ValueTask<Result<IReadOnlyList<Guid>>> ResolveAsync(Guid asker, IReadOnlyList<string> idsOrAddresses, CancellationToken cancellationToken)
    {
        List<Guid> found = [];
        for (int i = 0; i < idsOrAddresses.Count; i++)
        {
            if (!Guid.TryParse(idsOrAddresses[i], out Guid id) || !Known.ContainsKey(id) || IsBlocked(id, asker))
                return new(new Refusal(ErrorCodes.NotFound, "There is no such person.", $"members[{i}]"));
            found.Add(id);
        }
        return new((Result<IReadOnlyList<Guid>>)found);
    }

    public ValueTask<IReadOnlyList<DirectoryEntry>> LookUpAsync(IReadOnlyList<Guid> userIds, CancellationToken cancellationToken) =>
        new([.. userIds.Where(Known.ContainsKey).Select(id => new DirectoryEntry(id, "0x", null, null, null))]);

    public ValueTask<IReadOnlyList<Guid>> FindByPrefixAsync(string prefix, int limit, CancellationToken cancellationToken) => new([]);

    public ValueTask<bool> IsContactAsync(Guid owner, Guid other, CancellationToken cancellationToken) => new(Contacts.ContainsKey((owner, other)));

    public ValueTask NoteAsync(IReadOnlyCollection<KeyValuePair<Guid, DateTimeOffset>> seen, CancellationToken cancellationToken)
    {
        foreach ((Guid id, DateTimeOffset at) in seen)
            Seen[id] = at;
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyDictionary<Guid, DateTimeOffset>> FindAsync(IReadOnlyCollection<Guid> userIds, CancellationToken cancellationToken) =>
        new(userIds.Where(Seen.ContainsKey).ToDictionary(id => id, id => Seen[id]));
}

/// <summary>Completed uploads in memory.</summary>
internal sealed class FakeMedia : IMediaCatalog
{
    public ConcurrentDictionary<Guid, MediaInfo> Uploads { get; } = [];

    public MediaInfo Add(Guid owner, string contentType)
    {
        MediaInfo media = new(Guid.CreateVersion7(), owner, "file.bin", contentType, 1234, false);
        Uploads[media.MediaId] = media;
        return media;
    }

    /// <summary>Takes a moment, as another service does.</summary>
    public async ValueTask<MediaInfo?> FindAsync(Guid mediaId, CancellationToken cancellationToken)
    {
        await Task.Delay(5, cancellationToken);
        return Uploads.GetValueOrDefault(mediaId);
    }
}

/// <summary>A search that remembers what it was asked.</summary>
internal sealed class FakeSearch : IMessageSearch
{
    public (Guid Viewer, string Query, int Limit)? Asked { get; private set; }

    public ValueTask<Result<Page<SearchHit>>> SearchAsync(Guid viewer, string query, string? next, int limit, CancellationToken cancellationToken)
    {
        Asked = (viewer, query, limit);
        return new((Result<Page<SearchHit>>)new Page<SearchHit> { Items = [] });
    }
}
