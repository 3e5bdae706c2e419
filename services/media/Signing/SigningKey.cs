using System.Security.Cryptography;

namespace CoolChat.Media.Signing;

/// <summary>The secret that media addresses are signed with: 32 random bytes in the data folder, readable by the server's user only, or in the cluster's database.</summary>
internal sealed class SigningKey
{
    private const int Length = 32;
    private readonly byte[] _secret;

    public SigningKey(byte[] secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, Length);
        _secret = secret;
    }

    /// <summary>Reads the key, or makes it on the first start.</summary>
    /// <exception cref="InvalidDataException">The file is no key: it is left alone.</exception>
    public static SigningKey LoadOrCreate(string path)
    {
        if (!File.Exists(path))
            Create(path);
        byte[] secret = File.ReadAllBytes(path);
        return secret.Length == Length
            ? new SigningKey(secret)
            : throw new InvalidDataException($"{path} is damaged: it must hold {Length} bytes. Delete it to get a new key; addresses given out become invalid.");
    }

    /// <summary>A key kept elsewhere: <paramref name="keep"/> is given fresh random bytes and answers with those that were there first.</summary>
    public static SigningKey Of(Func<byte[], byte[]> keep) => new(keep(RandomNumberGenerator.GetBytes(Length)));

    public byte[] Sign(ReadOnlySpan<byte> text) => HMACSHA256.HashData(_secret, text);

    private static void Create(string path)
    {
        // Temp and rename: a crash must not leave half a key.
        string temp = path + ".tmp";
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (FileStream file = new(temp, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(Length));
            file.Flush(flushToDisk: true);
        }

        File.Move(temp, path);
    }
}
