namespace CoolChat.User.Accounts;

/// <summary>
/// What proves an account. A contract wallet is pinned to its chain, because the same address may be another's contract elsewhere; see
/// <see cref="WalletIds"/> for the chain where nothing is pinned.
/// </summary>
/// <param name="Address">EIP-55.</param>
/// <param name="Chain">CAIP-2 (eip155:10), or null.</param>
internal readonly record struct WalletId(string Address, string? Chain = null)
{
    /// <summary>Lower-case address, or CAIP-10 with one: unique for a wallet.</summary>
    public string Key => Chain is null ? Address.ToLowerInvariant() : $"{Chain}:{Address.ToLowerInvariant()}";
}

/// <summary>A linked wallet.</summary>
internal sealed record Wallet(WalletId Id, bool Primary, DateTimeOffset LinkedAt);

/// <summary>What people tell about themselves; null = nothing.</summary>
internal sealed record Profile
{
    public static readonly Profile Empty = new();

    public string? DisplayName { get; init; }
    public string? Bio { get; init; }
    public string? StatusText { get; init; }
    public string? StatusEmoji { get; init; }
    public DateTimeOffset? StatusUntil { get; init; }
    public string? Language { get; init; }
    public string? TimeZone { get; init; }
    public Guid? Avatar { get; init; }
}

/// <summary>
/// A person. Made by their first sign-in, or earlier because somebody wrote to their address (waiting until <see cref="ActivatedAt"/>). A deleted
/// one stays as a nameless tombstone, so that the log stays whole.
/// </summary>
internal sealed record Account
{
    public required Guid Id { get; init; }

    /// <summary>Primary wallet; null once deleted.</summary>
    public WalletId? Wallet { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>First sign-in.</summary>
    public DateTimeOffset? ActivatedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>One of <see cref="ServerRoles"/>, or null.</summary>
    public string? ServerRole { get; init; }

    public bool Suspended { get; init; }

    public Profile Profile { get; init; } = Profile.Empty;

    public bool Deleted => DeletedAt is not null;

    public bool Waiting => ActivatedAt is null && !Deleted;
}

/// <summary>Roles on the server.</summary>
internal static class ServerRoles
{
    public const string Owner = "owner";
    public const string Admin = "admin";
}
