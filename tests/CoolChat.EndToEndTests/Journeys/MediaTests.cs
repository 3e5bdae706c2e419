using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Journeys;

public sealed class MediaTests(Server server) : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    private byte[] Fill(int bytes)
    {
        byte[] content = RandomNumberGenerator.GetBytes(bytes);
        File.WriteAllBytes(_file, content);
        return content;
    }

    [Fact]
    public async Task Upload_SentInAMessage_IsDownloadedByThoseWhoSeeIt()
    {
        byte[] content = Fill(3_000_000);
        TestPerson[] people = await server.PeopleAsync(3);
        Guid direct = await Steps.DirectAsync(people[0], people[1]);
        long told = 0;
        Attachment attachment = await people[0].Client.Media.UploadAsync(_file, "application/octet-stream", new Direct(bytes => told = Math.Max(told, bytes)));
        Assert.Equal(content.Length, told);
        await Steps.RefusedAsync(ErrorCodes.NotFound, () => people[1].Client.Media.UrlAsync(attachment.MediaId));

        Command send = Steps.Command(direct, CommandTypes.MessageSend) with { Content = new Content { Type = ContentTypes.File, Attachments = [attachment] } };
        await people[0].Client.SendAsync(send);
        using MemoryStream whole = new();
        await people[1].Client.Media.DownloadAsync(attachment.MediaId, whole);
        Assert.Equal(content, whole.ToArray());
        using MemoryStream rest = new();
        await people[1].Client.Media.DownloadAsync(attachment.MediaId, rest, from: 1_000_000);
        Assert.Equal(content[1_000_000..], rest.ToArray());
        await Steps.RefusedAsync(ErrorCodes.NotFound, () => people[2].Client.Media.UrlAsync(attachment.MediaId));

        await people[0].Client.SendAsync(Steps.Command(direct, CommandTypes.MessageDelete) with { MessageId = send.CommandId });
        await Steps.RefusedAsync(ErrorCodes.NotFound, () => people[1].Client.Media.UrlAsync(attachment.MediaId));
        foreach (TestPerson person in people)
            await person.DisposeAsync();
    }

    [Fact]
    public async Task Upload_Interrupted_GoesOnWithTheMissingParts()
    {
        byte[] content = Fill(200_000);
        await using TestPerson person = await server.PersonAsync();
        StartUploadRequest request = new() { FileName = "note.bin", ContentType = "application/octet-stream", Size = content.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)) };
        UploadView upload = await person.Client.Media.BeginAsync(request);
        await Assert.ThrowsAsync<CoolChatException>(() => person.Client.Media.CompleteAsync(upload.UploadId));
        UploadView again = await person.Client.Media.FindUploadAsync(upload.UploadId);
        foreach (UploadPartView part in again.Parts.Where(part => !part.Received))
        {
            int from = (int)((part.Number - 1) * again.PartSize);
            await person.Client.Media.PutPartAsync(part, content.AsMemory(from, (int)part.Size));
        }
        Assert.Equal(content.Length, (await person.Client.Media.CompleteAsync(upload.UploadId)).Size);
    }

    [Fact]
    public async Task Upload_OtherBytesThanItsHash_IsRefused()
    {
        byte[] content = Fill(1000);
        await using TestPerson person = await server.PersonAsync();
        UploadView upload = await person.Client.Media.BeginAsync(new StartUploadRequest
        {
            FileName = "note.bin",
            ContentType = "application/octet-stream",
            Size = content.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData("other"u8)),
        });
        await person.Client.Media.PutPartAsync(upload.Parts[0], content);
        await Assert.ThrowsAsync<CoolChatException>(() => person.Client.Media.CompleteAsync(upload.UploadId));
    }

    [Fact]
    public async Task SignedAddress_Changed_IsRefused_AndRangesAreHonoured()
    {
        byte[] content = Fill(1000);
        await using TestPerson person = await server.PersonAsync();
        Attachment attachment = await person.Client.Media.UploadAsync(_file, "application/octet-stream");
        Uri url = await person.Client.Media.UrlAsync(attachment.MediaId);
        using HttpClient http = new();
        using HttpRequestMessage part = new(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(10, 19) } };
        using HttpResponseMessage partial = await http.SendAsync(part);
        Assert.Equal(HttpStatusCode.PartialContent, partial.StatusCode);
        Assert.Equal(content[10..20], await partial.Content.ReadAsByteArrayAsync());
        using HttpResponseMessage forged = await http.GetAsync(new Uri(url.AbsoluteUri[..^2] + (url.AbsoluteUri.EndsWith("AA", StringComparison.Ordinal) ? "BB" : "AA")));
        await Refused.AssertAsync(forged);
    }

    [Fact]
    public async Task Upload_TooLarge_IsRefusedBeforeTheFirstByte()
    {
        await using TestPerson person = await server.PersonAsync();
        await Steps.RefusedAsync(ErrorCodes.TooLarge, () => person.Client.Media.BeginAsync(
            new StartUploadRequest { FileName = "huge.bin", ContentType = "application/octet-stream", Size = 1L << 50 }));
    }

    private sealed class Direct(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}
