using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CoolChat.Client;

namespace CoolChat.Standalone.Demo;

/// <summary>
/// A secret of this data folder from which the demo's wallets and command ids are derived, so that a start that was cut short is simply
/// done again: the same people, and the same commands that happen once.
/// </summary>
internal sealed class DemoSeed
{
    private const int Length = 32;
    private readonly string _doneMark;
    private readonly byte[] _seed;
    private readonly long _madeAtMilliseconds;

    private DemoSeed(string folder, byte[] seed, long madeAtMilliseconds)
    {
        _doneMark = Path.Combine(folder, "done");
        _seed = seed;
        _madeAtMilliseconds = madeAtMilliseconds;
    }

    /// <summary>Whether the community was furnished completely. What people did with it since stays as they left it.</summary>
    public bool IsFurnished => File.Exists(_doneMark);

    public static DemoSeed Open(string data, TimeProvider time)
    {
        string folder = Path.Combine(data, "demo");
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, "seed");
        if (!File.Exists(file))
        {
            byte[] fresh = [.. RandomNumberGenerator.GetBytes(Length), .. new byte[sizeof(long)]];
            BinaryPrimitives.WriteInt64BigEndian(fresh.AsSpan(Length), time.GetUtcNow().ToUnixTimeMilliseconds());
            File.WriteAllBytes(file + ".new", fresh);
            File.Move(file + ".new", file);
        }
        byte[] content = File.ReadAllBytes(file);
        return new DemoSeed(folder, content[..Length], BinaryPrimitives.ReadInt64BigEndian(content.AsSpan(Length)));
    }

    public void MarkFurnished() => File.WriteAllText(_doneMark, "");

    public WalletKey Wallet(string person) => WalletKey.FromHex("0x" + Convert.ToHexStringLower(Derive("wallet " + person)));

    /// <summary>A UUIDv7 (RFC 9562) that is the same at each call.</summary>
    public Guid Id(string name)
    {
        byte[] bytes = Derive("id " + name)[..16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (_madeAtMilliseconds << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(6)));
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }

    private byte[] Derive(string name) => HMACSHA256.HashData(_seed, Encoding.UTF8.GetBytes(name));
}
