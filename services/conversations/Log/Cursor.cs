using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace CoolChat.Conversations.Log;

/// <summary>Opaque positions in lists: base64url of a key, checked for its length when it comes back.</summary>
internal static class Cursor
{
    public static string Of(ReadOnlySpan<byte> key) => Base64Url.EncodeToString(key);

    /// <summary>False when the text is no cursor of <paramref name="length"/> bytes (0 = any up to 512).</summary>
    public static bool TryRead(string text, int length, [NotNullWhen(true)] out byte[]? key)
    {
        key = null;
        if (text.Length is 0 or > 700 || !Base64Url.IsValid(text, out int decoded) || (length > 0 && decoded != length))
            return false;
        key = Base64Url.DecodeFromChars(text);
        return true;
    }
}
