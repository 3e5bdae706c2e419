using System.Text;
using CoolChat.Contracts;
using CoolChat.Processing.Decisions;
using Xunit;

namespace CoolChat.UnitTests.Processing;

public sealed class BodyWriterTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("tabs\tand\nlines")]
    [InlineData("\"quotes\" and \\ and / and <html> & 'it'")]
    [InlineData("مرحبا 你好 שלום 👩‍👩‍👧‍👦 \u2028 \u007f")]
    public void Message_PlainText_IsWhatTheCanonicalizerWrites(string text)
    {
        MessageBody body = new() { Content = new Content { Type = ContentTypes.Text, Text = text } };

        Assert.Equal(JsonBody.From(body).ToString(), Encoding.UTF8.GetString(BodyWriter.Message(body).Span));
        Assert.Equal(text, new JsonBody(BodyWriter.Message(body)).As<MessageBody>().Content.Text);
    }

    [Fact]
    public void Message_WithEverything_ReadsBack()
    {
        MessageBody body = new()
        {
            Content = new Content
            {
                Type = ContentTypes.Image,
                Text = "caption",
                Attachments = [new Attachment { MediaId = Guid.CreateVersion7(), FileName = "a.png", Size = 12, Alt = "a boat" }],
            },
            ReplyTo = Guid.CreateVersion7(),
            Mentions = new Mentions { Users = [Guid.CreateVersion7()], Everyone = true },
            ExpiresAt = new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero),
        };
        MessageBody read = new JsonBody(BodyWriter.Message(body)).As<MessageBody>();

        Assert.Equal(JsonBody.From(body), JsonBody.From(read));
        Assert.Equal((body.ReplyTo, body.ExpiresAt, "a boat"), (read.ReplyTo, read.ExpiresAt, read.Content.Attachments![0].Alt));
    }
}
