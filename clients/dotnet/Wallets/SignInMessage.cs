using System.Globalization;
using System.Text;

namespace CoolChat.Client;

/// <summary>A Sign-In with Ethereum message (EIP-4361), ready to be shown to and signed by a wallet.</summary>
public sealed record SignInMessage
{
    /// <summary>Authority that asks for the signature: host, or host:port.</summary>
    public required string Domain { get; init; }
    /// <summary>Address with its EIP-55 checksum.</summary>
    public required string Address { get; init; }
    /// <summary>One line that says what is signed.</summary>
    public string? Statement { get; init; }
    /// <summary>What is signed in to.</summary>
    public required string Uri { get; init; }
    /// <summary>EIP-155 chain.</summary>
    public long ChainId { get; init; } = 1;
    /// <summary>From GET /user/auth/nonce.</summary>
    public required string Nonce { get; init; }
    /// <summary>When the message was made.</summary>
    public required DateTimeOffset IssuedAt { get; init; }
    /// <summary>When it stops being valid.</summary>
    public DateTimeOffset? ExpirationTime { get; init; }
    /// <summary>From when it is valid.</summary>
    public DateTimeOffset? NotBefore { get; init; }
    /// <summary>An id of the caller's own.</summary>
    public string? RequestId { get; init; }
    /// <summary>URIs that the sign-in is about.</summary>
    public IReadOnlyList<string>? Resources { get; init; }

    /// <summary>The text to sign, in the exact form of EIP-4361.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(Domain).Append(" wants you to sign in with your Ethereum account:\n").Append(Address).Append("\n\n");
        if (Statement is not null)
            text.Append(Statement).Append('\n');
        text.Append("\nURI: ").Append(Uri)
            .Append("\nVersion: 1\nChain ID: ").Append(ChainId.ToString(CultureInfo.InvariantCulture))
            .Append("\nNonce: ").Append(Nonce)
            .Append("\nIssued At: ").Append(Time(IssuedAt));
        if (ExpirationTime is { } expiration)
            text.Append("\nExpiration Time: ").Append(Time(expiration));
        if (NotBefore is { } notBefore)
            text.Append("\nNot Before: ").Append(Time(notBefore));
        if (RequestId is not null)
            text.Append("\nRequest ID: ").Append(RequestId);
        if (Resources is { Count: > 0 })
        {
            text.Append("\nResources:");
            foreach (string resource in Resources)
                text.Append("\n- ").Append(resource);
        }
        return text.ToString();
    }

    private static string Time(DateTimeOffset value) =>
        value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
