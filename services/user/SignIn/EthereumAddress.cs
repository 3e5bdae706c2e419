using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CoolChat.User.SignIn;

/// <summary>20 bytes that name an account. Written with the checksum of EIP-55; compared by value.</summary>
internal readonly record struct EthereumAddress
{
    public const int Size = 20;
    private const int TextLength = 2 + (2 * Size);

    private readonly ulong _first;
    private readonly ulong _middle;
    private readonly uint _last;

    public EthereumAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
            throw new ArgumentException($"An address has {Size} bytes.", nameof(bytes));
        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _middle = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _last = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>Reads <c>0x</c> and 40 hexadecimal digits in any case; <see cref="HasChecksum"/> tells whether the case is right.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EthereumAddress address)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (text is not { Length: TextLength } || !text.StartsWith("0x", StringComparison.Ordinal) ||
            Convert.FromHexString(text.AsSpan(2), bytes, out _, out _) != OperationStatus.Done)
        {
            address = default;
            return false;
        }
        address = new EthereumAddress(bytes);
        return true;
    }

    /// <summary>Whether <paramref name="text"/> is this address in exactly the capitalization of EIP-55.</summary>
    public bool HasChecksum(string text) => string.Equals(text, ToString(), StringComparison.Ordinal);

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _first);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), _middle);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), _last);
        return bytes;
    }

    /// <summary><c>0x</c> and lower-case digits: a key for look-ups, never for people.</summary>
    public string ToLowerHex() => "0x" + Convert.ToHexStringLower(ToBytes());

    /// <summary>The address with its EIP-55 checksum: a letter is upper-case where the digit of the hash of the lower-case text is 8 or more.</summary>
    public override string ToString()
    {
        string hex = Convert.ToHexStringLower(ToBytes());
        byte[] hash = Keccak256.Hash(Encoding.ASCII.GetBytes(hex));
        return string.Create(TextLength, (hex, hash), static (text, state) =>
        {
            text[0] = '0';
            text[1] = 'x';
            for (int i = 0; i < state.hex.Length; i++)
            {
                int nibble = i % 2 == 0 ? state.hash[i / 2] >> 4 : state.hash[i / 2] & 0xf;
                text[i + 2] = nibble >= 8 ? char.ToUpperInvariant(state.hex[i]) : state.hex[i];
            }
        });
    }
}
