using System.Globalization;
using System.Text;
using CoolChat.Contracts.Internal;

namespace CoolChat.User.SignIn;

/// <summary>
/// A message of Sign-In with Ethereum (EIP-4361). Texts are kept as they were written, so that <see cref="ToMessage"/> gives back, byte for byte,
/// what was parsed.
/// </summary>
internal sealed record SiweMessage
{
    /// <summary>Longest message that is read, in characters (all of them ASCII). Ours have some 400; the rest is room for resources.</summary>
    public const int MaxLength = 4096;

    /// <summary>Scheme of the origin that asked; null = not told, which every web wallet's message is.</summary>
    public string? Scheme { get; init; }

    /// <summary>The authority (RFC 3986) that asked. Its host is not empty.</summary>
    public required string Domain { get; init; }

    public required EthereumAddress Address { get; init; }

    /// <summary>What the person agrees to; null = not there, which is not the same as empty.</summary>
    public string? Statement { get; init; }

    public required string Uri { get; init; }

    /// <summary>EIP-155.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>How many zeros stand before <see cref="ChainId"/>: the grammar allows them.</summary>
    public int ChainIdZeros { get; init; }

    public required string Nonce { get; init; }

    public required Rfc3339Time IssuedAt { get; init; }

    public Rfc3339Time? ExpirationTime { get; init; }

    public Rfc3339Time? NotBefore { get; init; }

    /// <summary>May be empty; null = not there.</summary>
    public string? RequestId { get; init; }

    /// <summary>May be empty (the line <c>Resources:</c> alone); null = not there.</summary>
    public IReadOnlyList<string>? Resources { get; init; }

    /// <summary>
    /// Reads by the whole grammar, and is strict where the text around it is: the host of the domain is not empty, the address carries its EIP-55
    /// checksum (no all-lower-case), the chain id fits 64 bits. Refused with one of the <c>siwe_</c> codes of <see cref="SignInErrors"/>.
    /// </summary>
    public static Result<SiweMessage> Parse(string text) => SiweParser.Parse(text);

    public string ToMessage()
    {
        StringBuilder text = new();
        if (Scheme is not null)
            text.Append(Scheme).Append("://");
        text.Append(Domain).Append(SiweParser.PreambleEnd).Append('\n').Append(Address).Append("\n\n");
        if (Statement is not null)
            text.Append(Statement).Append('\n');
        text.Append("\nURI: ").Append(Uri).Append("\nVersion: 1\nChain ID: ").Append('0', ChainIdZeros)
            .Append(ChainId.ToString(CultureInfo.InvariantCulture))
            .Append("\nNonce: ").Append(Nonce).Append("\nIssued At: ").Append(IssuedAt.Text);
        if (ExpirationTime is { } expiration)
            text.Append("\nExpiration Time: ").Append(expiration.Text);
        if (NotBefore is { } notBefore)
            text.Append("\nNot Before: ").Append(notBefore.Text);
        if (RequestId is not null)
            text.Append("\nRequest ID: ").Append(RequestId);
        if (Resources is not null)
            text.Append("\nResources:");
        foreach (string resource in Resources ?? [])
            text.Append("\n- ").Append(resource);
        return text.ToString();
    }
}
