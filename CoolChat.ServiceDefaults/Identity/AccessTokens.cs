namespace CoolChat.ServiceDefaults.Identity;

/// <summary>The rules of access tokens (JWT, ES256): the user service signs by them, everybody validates by them.</summary>
public static class AccessTokens
{
    /// <summary><c>iss</c>.</summary>
    public const string Issuer = "coolchat";

    /// <summary><c>aud</c>.</summary>
    public const string Audience = "coolchat";

    /// <summary>The only algorithm.</summary>
    public const string Algorithm = "ES256";

    /// <summary><c>sub</c>: userId.</summary>
    public const string UserId = "sub";

    /// <summary><c>address</c>: EIP-55.</summary>
    public const string Address = "address";

    /// <summary><c>sid</c>: sessionId.</summary>
    public const string SessionId = "sid";

    /// <summary><c>did</c>: deviceId.</summary>
    public const string DeviceId = "did";

    /// <summary>The only path whose query may carry a token (<c>access_token</c>): browsers set no headers on WebSockets.</summary>
    public const string HubPath = "/chat/hub";

    /// <summary>How long a token is valid at most, and unless the user service is told to issue shorter ones.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>How far clocks may differ.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>How long an ended session is remembered: until its last token can't be valid anywhere.</summary>
    public static readonly TimeSpan RevocationMemory = Lifetime + ClockSkew + TimeSpan.FromMinutes(1);
}
