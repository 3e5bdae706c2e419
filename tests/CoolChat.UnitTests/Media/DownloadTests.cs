using System.Text;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CoolChat.UnitTests.Media;

public sealed class DownloadTests : IAsyncLifetime
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3, 4];
    private readonly Guid _alice = Guid.NewGuid();
    private readonly Guid _bob = Guid.NewGuid();
    private MediaHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await MediaHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Get_OwnerGrantedPublicStranger_OnlyThoseWhoMaySee()
    {
        MediaView media = await _host.UploadAsync(_alice, Png, "p.png", "image/png");
        string path = $"/media/{media.MediaId}";

        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Get, path, _alice)).Status);
        Assert.Equal((404, "not_found"), await StatusAndCodeAsync(_host.SendAsync(HttpMethod.Get, path, _bob)));
        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Get, path + "/url", _bob)).Status);
        Assert.Equal((401, "unauthenticated"), await StatusAndCodeAsync(_host.SendAsync(HttpMethod.Get, path)));
        Assert.Equal(401, (await _host.SendAsync(HttpMethod.Get, path + "/url")).Status);

        _host.Grants.Add((_bob, media.MediaId));
        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Get, path, _bob)).Status);
        _host.Grants.Clear();
        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Get, path, _bob)).Status);
        _host.Public.Add(media.MediaId);
        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Get, path, _bob)).Status);
        Assert.Equal(401, (await _host.SendAsync(HttpMethod.Get, path)).Status);
    }

    [Fact]
    public async Task SignedAddress_WithoutToken_ServesUntilItExpires()
    {
        MediaView media = await _host.UploadAsync(_alice, Png, "p.png", "image/png");
        MediaUrlView address = (await _host.SendAsync(HttpMethod.Get, $"/media/{media.MediaId}/url", _alice)).As<MediaUrlView>();

        Assert.Equal(_host.Clock.GetUtcNow() + TimeSpan.FromMinutes(5), address.ExpiresAt);
        Assert.Equal(Png, (await _host.SendAsync(HttpMethod.Get, address.Url)).Bytes);
        string other = address.Url.Replace(media.MediaId.ToString(), Guid.NewGuid().ToString(), StringComparison.Ordinal);
        Assert.Equal((403, "forbidden"), await StatusAndCodeAsync(_host.SendAsync(HttpMethod.Get, other)));
        Assert.Equal(403, (await _host.SendAsync(HttpMethod.Get, $"/media/{media.MediaId}?sig=&exp=")).Status);
        // A part's signature is none of an object's.
        UploadView upload = (await _host.StartUploadAsync(_alice, 1)).As<UploadView>();
        Assert.Equal(403, (await _host.SendAsync(HttpMethod.Get, $"/media/{upload.UploadId}?{upload.Parts[0].Url.Split('?')[1]}")).Status);

        _host.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(403, (await _host.SendAsync(HttpMethod.Get, address.Url)).Status);
    }

    [Fact]
    public async Task SignedAddress_OfSomebodyWhoMayNoLongerSee_IsNotFound()
    {
        MediaView media = await _host.UploadAsync(_alice, Png, "p.png", "image/png");
        _host.Grants.Add((_bob, media.MediaId));
        MediaUrlView address = (await _host.SendAsync(HttpMethod.Get, $"/media/{media.MediaId}/url", _bob)).As<MediaUrlView>();
        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Get, address.Url)).Status);

        _host.Grants.Clear();

        Assert.Equal((404, "not_found"), await StatusAndCodeAsync(_host.SendAsync(HttpMethod.Get, address.Url)));
        string borrowed = address.Url.Replace(_bob.ToString(), _alice.ToString(), StringComparison.Ordinal);
        Assert.Equal((403, "forbidden"), await StatusAndCodeAsync(_host.SendAsync(HttpMethod.Get, borrowed)));
    }

    [Theory]
    [InlineData("bytes=0-3", 206, "bytes 0-3/100000", 4)]
    [InlineData("bytes=99990-", 206, "bytes 99990-99999/100000", 10)]
    [InlineData("bytes=-5", 206, "bytes 99995-99999/100000", 5)]
    [InlineData("bytes=65535-65536", 206, "bytes 65535-65536/100000", 2)]
    [InlineData("bytes=0-999999", 206, "bytes 0-99999/100000", 100_000)]
    [InlineData("bytes=100000-", 416, "bytes */100000", null)]
    [InlineData("bytes=9-3", 200, null, 100_000)]
    [InlineData("nonsense", 200, null, 100_000)]
    public async Task Get_Range_ServesThatPart(string range, int status, string? contentRange, int? length)
    {
        byte[] bytes = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31))];
        MediaView media = await _host.UploadAsync(_alice, bytes);

        MediaHost.Reply reply = await _host.SendAsync(HttpMethod.Get, $"/media/{media.MediaId}", _alice, range: range);

        Assert.Equal(status, reply.Status);
        Assert.Equal(contentRange, reply.Headers.GetValueOrDefault("Content-Range"));
        if (length is { } expected)
        {
            int start = contentRange is null ? 0 : int.Parse(contentRange.Split(' ', '-')[1], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(bytes.AsSpan(start, expected).ToArray(), reply.Bytes);
        }
    }

    [Fact]
    public async Task Get_IfRange_ServesTheRangeOnlyOfTheSameBytes()
    {
        MediaView media = await _host.UploadAsync(_alice, Png, "p.png", "image/png");
        string path = $"/media/{media.MediaId}";
        MediaHost.Reply whole = await _host.SendAsync(HttpMethod.Get, path, _alice);

        Assert.Equal($"\"{media.Sha256}\"", whole.Headers["ETag"]);
        Assert.Equal(206, (await _host.SendAsync(HttpMethod.Get, path, _alice, range: "bytes=0-1", ifRange: whole.Headers["ETag"])).Status);
        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Get, path, _alice, range: "bytes=0-1", ifRange: "\"other\"")).Status);
    }

    [Fact]
    public async Task Head_Object_TellsSizeWithoutBytes()
    {
        MediaView media = await _host.UploadAsync(_alice, Png, "p.png", "image/png");
        MediaHost.Reply reply = await _host.SendAsync(HttpMethod.Head, $"/media/{media.MediaId}", _alice);

        Assert.Equal((200, "12", "bytes"), (reply.Status, reply.Headers["Content-Length"], reply.Headers["Accept-Ranges"]));
        Assert.Empty(reply.Bytes);
    }

    [Theory]
    [InlineData("image/png", true, "image/png", "inline")]
    [InlineData("image/png", false, "application/octet-stream", "attachment")]
    [InlineData("image/svg+xml", false, "application/octet-stream", "attachment")]
    [InlineData("video/mp4", false, "application/octet-stream", "attachment")]
    [InlineData("text/html; charset=utf-8", false, "text/html", "attachment")]
    [InlineData("application/pdf", false, "application/pdf", "attachment")]
    [InlineData("application/xhtml+xml", false, "application/xhtml+xml", "attachment")]
    public async Task Get_AnyType_CannotRunOnOurOrigin(string announced, bool isPng, string served, string disposition)
    {
        byte[] bytes = isPng ? Png : Encoding.ASCII.GetBytes("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>");
        MediaView media = await _host.UploadAsync(_alice, bytes, "../../etc/\u202Eгпж.svg", announced);
        MediaHost.Reply reply = await _host.SendAsync(HttpMethod.Get, $"/media/{media.MediaId}", _alice);

        Assert.Equal("гпж.svg", media.FileName);
        Assert.Equal(served, reply.Headers["Content-Type"]);
        Assert.StartsWith(disposition + ";", reply.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.Equal("nosniff", reply.Headers["X-Content-Type-Options"]);
        Assert.Contains("sandbox", reply.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("same-origin", reply.Headers["Cross-Origin-Resource-Policy"]);
    }

    [Fact]
    public async Task Get_Encrypted_IsBytesWhateverWasAnnounced()
    {
        MediaView media = await _host.UploadAsync(_alice, Png, "p.png", "image/png", encrypted: true);

        Assert.Equal(("application/octet-stream", true), (media.ContentType, media.Encrypted));
    }

    [Fact]
    public async Task Get_NoSuchIdOrPath_IsNotFound()
    {
        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Get, $"/media/{Guid.NewGuid()}", _alice)).Status);
        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Get, "/media/nonsense", _alice)).Status);
        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Get, "/media/..%2f..%2fetc%2fpasswd", _alice)).Status);
        UploadView open = (await _host.StartUploadAsync(_alice, 1)).As<UploadView>();
        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Get, $"/media/{open.UploadId}", _alice)).Status);
    }

    [Fact]
    public async Task Delete_OwnObject_IsGoneForEverybody()
    {
        MediaView media = await _host.UploadAsync(_alice, Png, "p.png", "image/png");
        MediaUrlView address = (await _host.SendAsync(HttpMethod.Get, $"/media/{media.MediaId}/url", _alice)).As<MediaUrlView>();
        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Delete, $"/media/{media.MediaId}", _bob)).Status);

        Assert.Equal(204, (await _host.SendAsync(HttpMethod.Delete, $"/media/{media.MediaId}", _alice)).Status);

        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Get, $"/media/{media.MediaId}", _alice)).Status);
        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Get, address.Url)).Status);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_host.Folder, "media"), "*", SearchOption.AllDirectories));
        Assert.Null(await _host.Services.GetRequiredService<IMediaCatalog>().FindAsync(media.MediaId, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PersonalData_ErasedWithOrWithoutMessages_KeepsOnlyWhatMessagesShow(bool eraseMessages)
    {
        MediaView shown = await _host.UploadAsync(_alice, Png, "shown.png", "image/png");
        MediaView unshown = await _host.UploadAsync(_alice, Png, "un:shown.png", "image/png");
        MediaView other = await _host.UploadAsync(_bob, Png, "p.png", "image/png");
        _host.Grants.Add((_bob, shown.MediaId));
        IPersonalData data = _host.Services.GetServices<IPersonalData>().Single(section => section.Section == "media");
        Dictionary<string, byte[]> export = await ExportAsync(data);

        await data.EraseAsync(_alice, eraseMessages, TestContext.Current.CancellationToken);
        await data.EraseAsync(_alice, eraseMessages, TestContext.Current.CancellationToken);

        Assert.Equivalent(new[] { $"files/{shown.MediaId}-shown.png", $"files/{unshown.MediaId}-un_shown.png", "media.json" }, export.Keys, strict: true);
        Assert.Equal(Png, export["files/" + shown.MediaId + "-shown.png"]);
        IMediaCatalog catalog = _host.Services.GetRequiredService<IMediaCatalog>();
        Assert.Equal(eraseMessages, await catalog.FindAsync(shown.MediaId, TestContext.Current.CancellationToken) is null);
        Assert.Null(await catalog.FindAsync(unshown.MediaId, TestContext.Current.CancellationToken));
        Assert.NotNull(await catalog.FindAsync(other.MediaId, TestContext.Current.CancellationToken));
    }

    private async Task<Dictionary<string, byte[]>> ExportAsync(IPersonalData data)
    {
        Dictionary<string, byte[]> files = [];
        await data.ExportAsync(_alice, async (name, write) =>
        {
            using MemoryStream content = new();
            await write(content, TestContext.Current.CancellationToken);
            files.Add(name, content.ToArray());
        }, TestContext.Current.CancellationToken);
        return files;
    }

    private static async Task<(int Status, string? Code)> StatusAndCodeAsync(Task<MediaHost.Reply> sending)
    {
        MediaHost.Reply reply = await sending;
        return (reply.Status, reply.Code);
    }
}
