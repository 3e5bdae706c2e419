using System.Buffers;
using CoolChat.Contracts;

namespace CoolChat.Processing.Decisions;

/// <summary>Bodies in canonical form.</summary>
internal static class BodyWriter
{
    /// <summary>A message's body. Plain texts, nearly all there is, are written without the detour over a document; the bytes are the same.</summary>
    public static ReadOnlyMemory<byte> Message(MessageBody body)
    {
        Content content = body.Content;
        bool plain = content is { Type: ContentTypes.Text, Text: not null, Attachments: null, Poll: null, Scheme: null, Ciphertext: null }
            && body is { MessageId: null, ReplyTo: null, Thread: null, Mentions: null, ForwardedFrom: null, ExpiresAt: null };
        if (!plain)
            return JsonBody.From(body).Utf8;
        ArrayBufferWriter<byte> output = new(content.Text!.Length + 48);
        output.Write("{\"content\":{\"text\":"u8);
        CanonicalJson.WriteString(content.Text, output);
        output.Write(",\"type\":\"text\"}}"u8);
        return output.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> Of<T>(T body) => JsonBody.From(body).Utf8;
}
