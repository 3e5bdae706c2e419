using System.Security.Cryptography;

namespace CoolChat.Media.Objects;

/// <summary>SHA-256 and first bytes of an object that is read in pieces.</summary>
/// <param name="size">Bytes of the whole object.</param>
internal sealed class ObjectDigest(long size) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _head = new byte[Math.Min(size, ContentSniffer.HeadBytes)];
    private int _headLength;

    public void Append(ReadOnlySpan<byte> piece)
    {
        _hash.AppendData(piece);
        int toHead = Math.Min(piece.Length, _head.Length - _headLength);
        piece[..toHead].CopyTo(_head.AsSpan(_headLength));
        _headLength += toHead;
    }

    /// <summary>What was appended; once.</summary>
    public AssembledObject Finish() => new(size, _hash.GetHashAndReset(), _head);

    public void Dispose() => _hash.Dispose();
}
