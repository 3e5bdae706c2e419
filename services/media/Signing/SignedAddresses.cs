using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace CoolChat.Media.Signing;

/// <summary>
/// Addresses that work without a token until they expire: <c>?exp=unix seconds&amp;sig=HMAC-SHA-256</c> over purpose, id, part or person, and
/// expiry. An object's names the person it was given to (<c>by</c>), whose right is looked at again each time. They are relative, so that the server needs not know by which name it is reached.
/// </summary>
internal sealed class SignedAddresses(SigningKey key, TimeProvider time)
{
    public string Part(Guid uploadId, int number, DateTimeOffset expiresAt) =>
        $"/media/uploads/{uploadId:D}/parts/{number.ToString(CultureInfo.InvariantCulture)}?{Query(PartPurpose(uploadId, number), expiresAt)}";

    public string Object(Guid mediaId, Guid viewer, DateTimeOffset expiresAt) =>
        $"/media/{mediaId:D}?by={viewer:D}&{Query(ObjectPurpose(mediaId, viewer), expiresAt)}";

    public bool IsValidPart(Guid uploadId, int number, string? expires, string? signature) =>
        IsValid(PartPurpose(uploadId, number), expires, signature);

    public bool IsValidObject(Guid mediaId, Guid viewer, string? expires, string? signature) =>
        IsValid(ObjectPurpose(mediaId, viewer), expires, signature);

    private static string PartPurpose(Guid uploadId, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"put\n{uploadId:D}\n{number}");

    private static string ObjectPurpose(Guid mediaId, Guid viewer) => $"get\n{mediaId:D}\n{viewer:D}";

    private string Query(string purpose, DateTimeOffset expiresAt)
    {
        long expires = expiresAt.ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"exp={expires}&sig={Sign(purpose, expires)}");
    }

    private bool IsValid(string purpose, string? expires, string? signature)
    {
        if (!long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) || signature is null)
            return false;
        // Compared as text: base64 has several spellings of the same bytes, an address has one signature.
        return CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(signature.AsSpan()), MemoryMarshal.AsBytes(Sign(purpose, seconds).AsSpan()))
            && seconds > time.GetUtcNow().ToUnixTimeSeconds();
    }

    private string Sign(string purpose, long expires) => Base64Url.EncodeToString(
        key.Sign(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{purpose}\n{expires}"))));
}
