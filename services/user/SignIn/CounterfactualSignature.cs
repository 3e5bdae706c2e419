using System.Buffers.Binary;

namespace CoolChat.User.SignIn;

/// <summary>
/// ERC-6492: <c>abi.encode(address, bytes, bytes)</c> and 32 magic bytes: what deploys (or readies) the wallet, and the signature that it then accepts.
/// </summary>
internal sealed record CounterfactualSignature(EthereumAddress Factory, ReadOnlyMemory<byte> FactoryCall, ReadOnlyMemory<byte> Signature)
{
    private const int Word = 32;
    private static readonly byte[] Magic = Convert.FromHexString(string.Concat(Enumerable.Repeat("6492", Word / 2)));

    public static bool IsOne(ReadOnlySpan<byte> signature) => signature.EndsWith(Magic);

    /// <summary>Null: it has the magic, but what stands before is not of that form.</summary>
    public static CounterfactualSignature? Parse(ReadOnlyMemory<byte> signature)
    {
        if (!IsOne(signature.Span) || signature.Length < 4 * Word)
            return null;
        ReadOnlyMemory<byte> encoded = signature[..^Word];
        ReadOnlySpan<byte> head = encoded.Span;
        return !head[..(Word - EthereumAddress.Size)].ContainsAnyExcept((byte)0) && Bytes(encoded, Word) is { } call && Bytes(encoded, 2 * Word) is { } inner
            ? new CounterfactualSignature(new EthereumAddress(head[(Word - EthereumAddress.Size)..Word]), call, inner)
            : null;
    }

    /// <summary>The <c>bytes</c> whose offset stands at <paramref name="at"/>; null where it leaves the data.</summary>
    private static ReadOnlyMemory<byte>? Bytes(ReadOnlyMemory<byte> encoded, int at)
    {
        if (Number(encoded.Span, at) is not { } offset || Number(encoded.Span, offset) is not { } length || length > encoded.Length - offset - Word)
            return null;
        return encoded.Slice(offset + Word, length);
    }

    private static int? Number(ReadOnlySpan<byte> encoded, int at)
    {
        if (at > encoded.Length - Word)
            return null;
        ReadOnlySpan<byte> word = encoded.Slice(at, Word);
        uint value = BinaryPrimitives.ReadUInt32BigEndian(word[^sizeof(uint)..]);
        return word[..^sizeof(uint)].ContainsAnyExcept((byte)0) || value > int.MaxValue ? null : (int)value;
    }
}
