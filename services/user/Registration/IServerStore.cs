namespace CoolChat.User.Registration;

/// <summary>What belongs to the server itself: settings, secrets, signing keys, invites to register, used nonces.</summary>
internal interface IServerStore
{
    /// <summary>The setting, or null.</summary>
    ValueTask<string?> SettingAsync(string name, CancellationToken cancellationToken);

    /// <summary>Sets it; null removes it.</summary>
    ValueTask SetAsync(string name, string? value, CancellationToken cancellationToken);

    /// <summary>The secret of that name; the first to ask makes it from <paramref name="fresh"/>, everybody later gets that one.</summary>
    ValueTask<byte[]> SecretAsync(string name, byte[] fresh, CancellationToken cancellationToken);

    ValueTask DropSecretAsync(string name, CancellationToken cancellationToken);

    /// <summary>All signing keys, newest first.</summary>
    ValueTask<IReadOnlyList<StoredKey>> KeysAsync(CancellationToken cancellationToken);

    /// <summary>Adds the key, if the newest is still <paramref name="newest"/>: of two servers that rotate at once, one wins.</summary>
    ValueTask<bool> AddKeyAsync(StoredKey key, string? newest, CancellationToken cancellationToken);

    ValueTask RemoveKeyAsync(string keyId, CancellationToken cancellationToken);

    ValueTask AddInviteAsync(RegistrationInvite invite, ReadOnlyMemory<byte> codeHash, CancellationToken cancellationToken);

    /// <summary>Takes one use of the invite; false when there is none, or it ended, or is used up.</summary>
    ValueTask<bool> TryUseInviteAsync(ReadOnlyMemory<byte> codeHash, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Living ones, newest first.</summary>
    ValueTask<IReadOnlyList<RegistrationInvite>> InvitesAsync(DateTimeOffset now, CancellationToken cancellationToken);

    ValueTask<bool> RemoveInviteAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Notes the nonce as used; false when it was. Remembered until <paramref name="expiresAt"/> has been swept.</summary>
    ValueTask<bool> TryUseNonceAsync(string nonce, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Forgets nonces and invites that expired before then.</summary>
    ValueTask SweepAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>Names of the server's secrets.</summary>
internal static class SecretNames
{
    public const string Nonces = "nonces";
    public const string OwnerClaim = "owner-claim";
    public const string RefreshTokens = "refresh-tokens";
}

/// <summary>Names of the server's settings.</summary>
internal static class SettingNames
{
    public const string ServerName = "server-name";
    public const string RegistrationPolicy = "registration";

    /// <summary>When the data were last restored from a backup: Unix milliseconds.</summary>
    public const string RestoredAt = "restored-at";
}

/// <summary>A signing key with its private part (PKCS #8).</summary>
internal sealed record StoredKey(string KeyId, byte[] Pkcs8, DateTimeOffset SignsFrom);

internal sealed record RegistrationInvite(Guid Id, Guid CreatedBy, DateTimeOffset ExpiresAt, int MaxUses, int Uses);
