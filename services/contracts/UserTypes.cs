namespace CoolChat.Contracts;

/// <summary>GET /user/auth/config: what a client needs before somebody signs in.</summary>
public sealed record AuthConfig
{
    /// <summary>Name of the server.</summary>
    public required string ServerName { get; init; }
    /// <summary>The line to put into the message that one signs.</summary>
    public required string Statement { get; init; }
    /// <summary>Origins that may stand in the message.</summary>
    public required IReadOnlyList<string> Origins { get; init; }
    /// <summary>EIP-155 chains that are accepted; the first is the one to use.</summary>
    public required IReadOnlyList<long> ChainIds { get; init; }
    /// <summary>open, invite or closed.</summary>
    public required string Registration { get; init; }
    /// <summary>The server has no owner yet.</summary>
    public bool? Unclaimed { get; init; }
    /// <summary>Bounds on profiles and lists.</summary>
    public required UserLimits Limits { get; init; }
}

/// <summary>Bounds of the user service.</summary>
public sealed record UserLimits
{
    /// <summary>Graphemes of a display name.</summary>
    public int DisplayNameGraphemes { get; init; } = 40;
    /// <summary>Graphemes of a bio.</summary>
    public int BioGraphemes { get; init; } = 500;
    /// <summary>Graphemes of a status text.</summary>
    public int StatusGraphemes { get; init; } = 100;
    /// <summary>Ids in one GET /user/profiles.</summary>
    public int ProfilesPerRequest { get; init; } = 100;
    /// <summary>Linked wallets.</summary>
    public int Wallets { get; init; } = 10;
    /// <summary>Contacts.</summary>
    public int Contacts { get; init; } = 5_000;
    /// <summary>Blocked people.</summary>
    public int Blocks { get; init; } = 5_000;
}

/// <summary>GET /user/auth/nonce.</summary>
public sealed record NonceView
{
    /// <summary>For the message's Nonce field; works once.</summary>
    public required string Nonce { get; init; }
    /// <summary>When it stops working.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A signed EIP-4361 message.</summary>
public record WalletProof
{
    /// <summary>The message, exactly as signed.</summary>
    public required string Message { get; init; }
    /// <summary>0x and hexadecimal digits.</summary>
    public required string Signature { get; init; }
}

/// <summary>POST /user/auth/verify.</summary>
public sealed record SignInRequest : WalletProof
{
    /// <summary>About the device that signs in.</summary>
    public DeviceInfo? Device { get; init; }
}

/// <summary>The device that signs in.</summary>
public sealed record DeviceInfo
{
    /// <summary>Its name in the list of sessions; absent = browser and system from the User-Agent.</summary>
    public string? Name { get; init; }
    /// <summary>True: the refresh token goes into an HttpOnly cookie instead of the answer.</summary>
    public bool? Cookie { get; init; }
    /// <summary>Invite code, where registration needs one.</summary>
    public string? Invite { get; init; }
}

/// <summary>POST /user/auth/refresh and /user/auth/logout; the body or its field may be absent in cookie mode.</summary>
public sealed record RefreshRequest
{
    /// <summary>The latest refresh token.</summary>
    public string? RefreshToken { get; init; }
}

/// <summary>Tokens of a session.</summary>
public sealed record AuthResult
{
    /// <summary>ES256 JWT for the Authorization header.</summary>
    public required string AccessToken { get; init; }
    /// <summary>When the access token ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
    /// <summary>Gives the next tokens, once; absent in cookie mode.</summary>
    public string? RefreshToken { get; init; }
    /// <summary>Who signed in.</summary>
    public required MeView User { get; init; }
}

/// <summary>What somebody is doing.</summary>
public sealed record ProfileStatus
{
    /// <summary>A few words.</summary>
    public string? Text { get; init; }
    /// <summary>One emoji.</summary>
    public string? Emoji { get; init; }
    /// <summary>Until when it holds; absent = until changed.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>A person as others see them.</summary>
public record ProfileView
{
    /// <summary>The account.</summary>
    public required Guid UserId { get; init; }
    /// <summary>Primary address (EIP-55); the zero address for a deleted account.</summary>
    public required string Address { get; init; }
    /// <summary>CAIP-2 chain that the primary address is pinned to: contract wallets away from the server's first chain.</summary>
    public string? Chain { get; init; }
    /// <summary>Chosen name.</summary>
    public string? DisplayName { get; init; }
    /// <summary>About them.</summary>
    public string? Bio { get; init; }
    /// <summary>What they are doing.</summary>
    public ProfileStatus? Status { get; init; }
    /// <summary>BCP 47.</summary>
    public string? Language { get; init; }
    /// <summary>IANA.</summary>
    public string? TimeZone { get; init; }
    /// <summary>mediaId of their picture.</summary>
    public Guid? Avatar { get; init; }
    /// <summary>The account was deleted.</summary>
    public bool? Deleted { get; init; }
    /// <summary>The address has never signed in; messages wait for it.</summary>
    public bool? Waiting { get; init; }
}

/// <summary>GET /user/me.</summary>
public sealed record MeView : ProfileView
{
    /// <summary>Wallets that prove this account.</summary>
    public required IReadOnlyList<WalletView> Wallets { get; init; }
    /// <summary>When the account was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>owner or admin of the server.</summary>
    public string? ServerRole { get; init; }
}

/// <summary>A linked wallet.</summary>
public sealed record WalletView
{
    /// <summary>EIP-55.</summary>
    public required string Address { get; init; }
    /// <summary>CAIP-2 chain that it is pinned to.</summary>
    public string? Chain { get; init; }
    /// <summary>Whether it is the account's public handle.</summary>
    public required bool Primary { get; init; }
    /// <summary>When it was linked.</summary>
    public required DateTimeOffset LinkedAt { get; init; }
}

/// <summary>PATCH /user/wallets/{address}.</summary>
public sealed record WalletChanges
{
    /// <summary>True makes it the account's public handle.</summary>
    public bool? Primary { get; init; }
}

/// <summary>PATCH /user/me: an absent field stays, an empty string clears it.</summary>
public sealed record ProfileChanges
{
    /// <summary>At most 40 graphemes.</summary>
    public string? DisplayName { get; init; }
    /// <summary>At most 500 graphemes.</summary>
    public string? Bio { get; init; }
    /// <summary>Replaces the status; one without text and emoji clears it.</summary>
    public ProfileStatus? Status { get; init; }
    /// <summary>BCP 47.</summary>
    public string? Language { get; init; }
    /// <summary>IANA.</summary>
    public string? TimeZone { get; init; }
    /// <summary>mediaId of a picture that one has uploaded.</summary>
    public string? Avatar { get; init; }
}

/// <summary>GET /user/sessions: a signed-in device.</summary>
public sealed record SessionView
{
    /// <summary>The session.</summary>
    public required Guid Id { get; init; }
    /// <summary>Browser and system, or the name that the client gave.</summary>
    public required string Device { get; init; }
    /// <summary>Address that signed in.</summary>
    public required string Address { get; init; }
    /// <summary>When it signed in.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>When it last renewed its tokens.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }
    /// <summary>Whether the request came from it.</summary>
    public required bool Current { get; init; }
}

/// <summary>An entry of the list of contacts or blocked people.</summary>
public sealed record RelationView
{
    /// <summary>The person.</summary>
    public required ProfileView User { get; init; }
    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }
}

/// <summary>POST /user/invites.</summary>
public sealed record CreateRegistrationInvite
{
    /// <summary>Seconds it is valid, 60 to 31,536,000; 7 days by default.</summary>
    public int? ExpiresIn { get; init; }
    /// <summary>How many may register by it, 1 to 10,000; 1 by default.</summary>
    public int? MaxUses { get; init; }
}

/// <summary>An invite to register on this server.</summary>
public sealed record RegistrationInviteView
{
    /// <summary>Names it for revoking.</summary>
    public required Guid Id { get; init; }
    /// <summary>The code; told once, when it is made.</summary>
    public string? Code { get; init; }
    /// <summary>Who made it.</summary>
    public required Guid CreatedBy { get; init; }
    /// <summary>Valid until.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
    /// <summary>How many may register by it.</summary>
    public required int MaxUses { get; init; }
    /// <summary>How many did.</summary>
    public required int Uses { get; init; }
}

/// <summary>POST /user/claim.</summary>
public sealed record ClaimRequest
{
    /// <summary>From the link that the server printed.</summary>
    public required string Token { get; init; }
}

/// <summary>DELETE /user/me.</summary>
public sealed record DeleteAccountRequest
{
    /// <summary>One's own primary address, to confirm.</summary>
    public required string Confirm { get; init; }
    /// <summary>Also erase the bodies of all messages one has sent.</summary>
    public bool EraseMessages { get; init; }
}

/// <summary>GET|PATCH /user/admin/server; an absent field stays.</summary>
public sealed record ServerSettings
{
    /// <summary>Name of the server, 1 to 60 graphemes.</summary>
    public string? Name { get; init; }
    /// <summary>open, invite or closed.</summary>
    public string? Registration { get; init; }
}

/// <summary>PATCH /user/admin/users/{userId}; an absent field stays.</summary>
public sealed record AdminUserChanges
{
    /// <summary>owner, admin or none.</summary>
    public string? ServerRole { get; init; }
    /// <summary>True ends all sessions and refuses further ones.</summary>
    public bool? Suspended { get; init; }
}

/// <summary>An account as the server's admins see it.</summary>
public sealed record AdminUserView
{
    /// <summary>The person.</summary>
    public required ProfileView User { get; init; }
    /// <summary>owner or admin.</summary>
    public string? ServerRole { get; init; }
    /// <summary>Whether it may not sign in.</summary>
    public required bool Suspended { get; init; }
}
