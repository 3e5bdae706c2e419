using System.Security.Cryptography;
using CoolChat.Contracts;
using CoolChat.Media.Uploads;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace CoolChat.UnitTests.Media;

public sealed class UploadTests : IAsyncLifetime
{
    private readonly Guid _alice = Guid.NewGuid();
    private readonly Guid _bob = Guid.NewGuid();
    private MediaHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await MediaHost.StartAsync(
        ("Media:MaxFileBytes", "1000000"), ("Media:QuotaBytes", "1500000"), ("Media:MaxOpenUploads", "3"));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Upload_PartsInParallelAndAnyOrder_BecomesTheSameBytes()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes((3 * MediaHost.PartBytes) + 17);
        UploadView upload = (await _host.StartUploadAsync(_alice, bytes.Length, sha256: Convert.ToHexString(SHA256.HashData(bytes)))).As<UploadView>();
        Assert.Equal([MediaHost.PartBytes, MediaHost.PartBytes, MediaHost.PartBytes, 17], upload.Parts.Select(part => part.Size));

        await Task.WhenAll(upload.Parts.Reverse().Select(async part =>
            Assert.Equal(204, (await _host.PutAsync(part, MediaHost.Slice(bytes, upload, part), chunked: part.Number % 2 == 0)).Status)));
        MediaHost.Reply completed = await CompleteAsync(_alice, upload.UploadId);

        Assert.Equal(200, completed.Status);
        Assert.Equal(upload.UploadId, completed.As<MediaView>().MediaId);
        Assert.Equal(bytes, (await _host.SendAsync(HttpMethod.Get, $"/media/{upload.UploadId}", _alice)).Bytes);
    }

    [Fact]
    public async Task Upload_Interrupted_TellsWhichPartsAreIn_AlsoAfterARestart()
    {
        string folder = Directory.CreateTempSubdirectory("coolchat-media-").FullName;
        try
        {
            byte[] bytes = RandomNumberGenerator.GetBytes(2 * MediaHost.PartBytes);
            UploadView upload;
            await using (MediaHost first = await MediaHost.StartInAsync(folder))
            {
                upload = (await first.StartUploadAsync(_alice, bytes.Length)).As<UploadView>();
                await first.PutAsync(upload.Parts[1], MediaHost.Slice(bytes, upload, upload.Parts[1]));
            }

            await using MediaHost second = await MediaHost.StartInAsync(folder);
            UploadView found = (await second.SendAsync(HttpMethod.Get, $"/media/uploads/{upload.UploadId}", _alice)).As<UploadView>();
            Assert.Equal([false, true], found.Parts.Select(part => part.Received));
            // The address given before the restart still holds.
            Assert.Equal(204, (await second.PutAsync(upload.Parts[0], MediaHost.Slice(bytes, upload, upload.Parts[0]))).Status);
            Assert.Equal(200, (await second.SendAsync(HttpMethod.Post, $"/media/uploads/{upload.UploadId}/complete", _alice)).Status);
            Assert.Equal(bytes, (await second.SendAsync(HttpMethod.Get, $"/media/{upload.UploadId}", _alice)).Bytes);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(null, "a", "text/plain", null, 400, "invalid", "size")]
    [InlineData(0L, "a", "text/plain", null, 400, "invalid", "size")]
    [InlineData(-1L, "a", "text/plain", null, 400, "invalid", "size")]
    [InlineData(long.MaxValue, "a", "text/plain", null, 413, "too_large", "size")]
    [InlineData(1000001L, "a", "text/plain", null, 413, "too_large", "size")]
    [InlineData(1L, "a", "nonsense", null, 400, "invalid", "contentType")]
    [InlineData(1L, "a", "*/*", null, 400, "invalid", "contentType")]
    [InlineData(1L, "a", "text/plain\r\nX: y", null, 400, "invalid", "contentType")]
    [InlineData(1L, "a", "text/plain", "abc", 400, "invalid", "sha256")]
    public async Task StartUpload_BadAnnouncement_IsRefusedNamingTheField(
        long? size, string name, string type, string? sha256, int status, string code, string field)
    {
        MediaHost.Reply reply = await _host.SendAsync(
            HttpMethod.Post, "/media/uploads", _alice, new { fileName = name, contentType = type, size, sha256 });

        Assert.Equal((status, code, field), (reply.Status, reply.Code, reply.Field));
    }

    [Fact]
    public async Task StartUpload_TooLongName_IsRefused() =>
        Assert.Equal((400, "fileName"), await StatusAndFieldAsync(_host.StartUploadAsync(_alice, 1, new string('a', 256))));

    [Fact]
    public async Task StartUpload_WithoutToken_IsUnauthenticated() =>
        Assert.Equal(401, (await _host.SendAsync(HttpMethod.Post, "/media/uploads", json: new { size = 1 })).Status);

    [Fact]
    public async Task StartUpload_OverTheQuota_IsRefused_AndFitsAfterADeletion()
    {
        UploadView first = (await _host.StartUploadAsync(_alice, 900_000)).As<UploadView>();
        MediaHost.Reply refused = await _host.StartUploadAsync(_alice, 700_000);
        Assert.Equal((413, ErrorCodes.TooLarge), (refused.Status, refused.Code));
        Assert.Equal(201, (await _host.StartUploadAsync(_bob, 700_000)).Status);

        Assert.Equal(204, (await _host.SendAsync(HttpMethod.Delete, $"/media/uploads/{first.UploadId}", _alice)).Status);
        Assert.Equal(201, (await _host.StartUploadAsync(_alice, 700_000)).Status);
    }

    [Fact]
    public async Task StartUpload_TooManyOpen_IsRefused()
    {
        for (int i = 0; i < 3; i++)
            Assert.Equal(201, (await _host.StartUploadAsync(_alice, 1)).Status);

        MediaHost.Reply refused = await _host.StartUploadAsync(_alice, 1);
        Assert.Equal((429, ErrorCodes.RateLimited), (refused.Status, refused.Code));
    }

    [Theory]
    [InlineData(99, false, 400, "invalid")]
    [InlineData(101, false, 413, "too_large")]
    [InlineData(0, false, 400, "invalid")]
    [InlineData(99, true, 400, "invalid")]
    [InlineData(101, true, 413, "too_large")]
    public async Task PutPart_OfAnotherSize_IsRefusedAndNothingIsKept(int sent, bool chunked, int status, string code)
    {
        UploadView upload = (await _host.StartUploadAsync(_alice, 100)).As<UploadView>();

        MediaHost.Reply reply = await _host.PutAsync(upload.Parts[0], new byte[sent], chunked);

        Assert.Equal((status, code), (reply.Status, reply.Code));
        UploadView found = (await _host.SendAsync(HttpMethod.Get, $"/media/uploads/{upload.UploadId}", _alice)).As<UploadView>();
        Assert.False(found.Parts[0].Received);
        Assert.Empty(Directory.EnumerateFiles(_host.Folder, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task PutPart_Again_ReplacesTheEarlierBytes()
    {
        UploadView upload = (await _host.StartUploadAsync(_alice, 3)).As<UploadView>();
        await _host.PutAsync(upload.Parts[0], [1, 2, 3]);
        Assert.Equal(400, (await _host.PutAsync(upload.Parts[0], [9, 9], chunked: true)).Status);
        await _host.PutAsync(upload.Parts[0], [4, 5, 6]);
        await CompleteAsync(_alice, upload.UploadId);

        Assert.Equal([4, 5, 6], (await _host.SendAsync(HttpMethod.Get, $"/media/{upload.UploadId}", _alice)).Bytes);
    }

    [Fact]
    public async Task PutPart_ForgedOrExpiredAddress_IsForbidden()
    {
        UploadView upload = (await _host.StartUploadAsync(_alice, MediaHost.PartBytes + 1)).As<UploadView>();
        string url = upload.Parts[0].Url;
        string otherPart = url.Replace("/parts/1", "/parts/2", StringComparison.Ordinal);
        string longer = url.Replace("exp=1", "exp=2", StringComparison.Ordinal);
        Assert.NotEqual(url, longer);
        string[] forged = [otherPart, longer, url[..^1] + (char)(url[^1] + 1), url.Split('?')[0], url.Split("&sig")[0], url + "A"];
        foreach (string address in forged)
            Assert.Equal(403, (await _host.PutAsync(upload.Parts[0] with { Url = address }, new byte[MediaHost.PartBytes])).Status);

        _host.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(403, (await _host.PutAsync(upload.Parts[0], new byte[MediaHost.PartBytes])).Status);
    }

    [Fact]
    public async Task Complete_WithMissingParts_NamesThem_AndCanGoOn()
    {
        byte[] bytes = new byte[MediaHost.PartBytes + 1];
        UploadView upload = (await _host.StartUploadAsync(_alice, bytes.Length)).As<UploadView>();
        await _host.PutAsync(upload.Parts[0], MediaHost.Slice(bytes, upload, upload.Parts[0]));

        MediaHost.Reply refused = await CompleteAsync(_alice, upload.UploadId);
        Assert.Equal((409, ErrorCodes.Conflict), (refused.Status, refused.Code));
        await _host.PutAsync(upload.Parts[1], [0]);
        Assert.Equal(200, (await CompleteAsync(_alice, upload.UploadId)).Status);
    }

    [Fact]
    public async Task Complete_WithAnotherDigest_IsRefusedUntilTheRightBytesCome()
    {
        UploadView upload = (await _host.StartUploadAsync(_alice, 3, sha256: Convert.ToHexStringLower(SHA256.HashData([1, 2, 3])))).As<UploadView>();
        await _host.PutAsync(upload.Parts[0], [9, 9, 9]);

        Assert.Equal((400, "sha256"), await StatusAndFieldAsync(CompleteAsync(_alice, upload.UploadId)));
        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Get, $"/media/{upload.UploadId}", _alice)).Status);
        await _host.PutAsync(upload.Parts[0], [1, 2, 3]);
        Assert.Equal(200, (await CompleteAsync(_alice, upload.UploadId)).Status);
    }

    [Fact]
    public async Task Complete_ManyAtOnceAndAgain_AnswersTheSame()
    {
        UploadView upload = (await _host.StartUploadAsync(_alice, 3)).As<UploadView>();
        await _host.PutAsync(upload.Parts[0], [1, 2, 3]);

        MediaHost.Reply[] replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CompleteAsync(_alice, upload.UploadId)));

        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        Assert.Single(replies.Select(reply => Convert.ToHexString(reply.Bytes)).Distinct());
        Assert.Equal(409, (await _host.PutAsync(upload.Parts[0], [4, 5, 6])).Status);
        Assert.Equal(409, (await _host.SendAsync(HttpMethod.Delete, $"/media/uploads/{upload.UploadId}", _alice)).Status);
    }

    [Fact]
    public async Task Upload_OfSomebodyElse_IsNotFound()
    {
        UploadView upload = (await _host.StartUploadAsync(_alice, 3)).As<UploadView>();
        string path = $"/media/uploads/{upload.UploadId}";

        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Get, path, _bob)).Status);
        Assert.Equal(404, (await CompleteAsync(_bob, upload.UploadId)).Status);
        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Delete, path, _bob)).Status);
        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Get, $"/media/uploads/{Guid.NewGuid()}", _alice)).Status);
    }

    [Fact]
    public async Task Abort_Open_LeavesNothingBehind()
    {
        UploadView upload = (await _host.StartUploadAsync(_alice, 3)).As<UploadView>();
        await _host.PutAsync(upload.Parts[0], [1, 2, 3]);

        Assert.Equal(204, (await _host.SendAsync(HttpMethod.Delete, $"/media/uploads/{upload.UploadId}", _alice)).Status);
        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Get, $"/media/uploads/{upload.UploadId}", _alice)).Status);
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(_host.Folder, "media", "uploads")));
    }

    [Fact]
    public async Task Sweep_AfterADay_RemovesAbandonedUploadsOnly()
    {
        UploadView abandoned = (await _host.StartUploadAsync(_alice, 3)).As<UploadView>();
        await _host.PutAsync(abandoned.Parts[0], [1, 2, 3]);
        MediaView kept = await _host.UploadAsync(_alice, [1]);
        _host.Clock.Advance(TimeSpan.FromHours(23));
        UploadView young = (await _host.StartUploadAsync(_alice, 3)).As<UploadView>();
        UploadSweeper sweeper = _host.Services.GetServices<IHostedService>().OfType<UploadSweeper>().Single();

        _host.Clock.Advance(TimeSpan.FromHours(1));
        await sweeper.SweepAsync(TestContext.Current.CancellationToken);

        Assert.Equal(404, (await _host.SendAsync(HttpMethod.Get, $"/media/uploads/{abandoned.UploadId}", _alice)).Status);
        Assert.False(Directory.Exists(Path.Combine(_host.Folder, "media", "uploads", abandoned.UploadId.ToString("N"))));
        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Get, $"/media/{kept.MediaId}", _alice)).Status);
        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Get, $"/media/uploads/{young.UploadId}", _alice)).Status);
    }

    [Fact]
    public async Task Sweep_AfterAWeek_RemovesWhatNothingShowsAndOnlyThat()
    {
        MediaView unshown = await _host.UploadAsync(_alice, [1]);
        MediaView shown = await _host.UploadAsync(_alice, [2]);
        MediaView avatar = await _host.UploadAsync(_alice, [3]);
        MediaView encrypted = await _host.UploadAsync(_alice, [4], encrypted: true);
        _host.Grants.Add((Guid.NewGuid(), shown.MediaId));
        _host.Public.Add(avatar.MediaId);
        UploadSweeper sweeper = _host.Services.GetServices<IHostedService>().OfType<UploadSweeper>().Single();
        _host.Clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        MediaView young = await _host.UploadAsync(_alice, [5]);
        await sweeper.SweepAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, await StatusAsync(unshown));

        _host.Clock.Advance(TimeSpan.FromMinutes(1));
        await sweeper.SweepAsync(TestContext.Current.CancellationToken);

        Assert.Equal(404, await StatusAsync(unshown));
        Assert.False(File.Exists(ObjectPath(unshown.MediaId)));
        foreach (MediaView kept in (MediaView[])[shown, avatar, encrypted, young])
            Assert.Equal(200, await StatusAsync(kept));

        // The last message that showed it was deleted.
        _host.Grants.Clear();
        await sweeper.SweepAsync(TestContext.Current.CancellationToken);
        Assert.Equal(404, await StatusAsync(shown));
    }

    private async Task<int> StatusAsync(MediaView media) => (await _host.SendAsync(HttpMethod.Get, $"/media/{media.MediaId}", _alice)).Status;

    private string ObjectPath(Guid id) => Directory.EnumerateFiles(Path.Combine(_host.Folder, "media"), "*", SearchOption.AllDirectories)
        .FirstOrDefault(file => file.Contains(id.ToString("N"), StringComparison.OrdinalIgnoreCase) || file.Contains(id.ToString("D"), StringComparison.OrdinalIgnoreCase), "");

    [Fact]
    public async Task StartUpload_NoSpaceOnTheDisk_IsStorageFull()
    {
        await using MediaHost full = await MediaHost.StartAsync(("Media:ReserveBytes", (1L << 50).ToString(System.Globalization.CultureInfo.InvariantCulture)));

        MediaHost.Reply refused = await full.StartUploadAsync(_alice, 1);
        Assert.Equal((507, ErrorCodes.StorageFull), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task Start_OptionOutOfRange_NamesTheKey()
    {
        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(
            () => MediaHost.StartAsync(("Media:MaxOpenUploads", "0")));
        Assert.Contains("Media:MaxOpenUploads", failure.Message, StringComparison.Ordinal);
    }

    private Task<MediaHost.Reply> CompleteAsync(Guid user, Guid uploadId) =>
        _host.SendAsync(HttpMethod.Post, $"/media/uploads/{uploadId}/complete", user, new { });

    private static async Task<(int Status, string? Field)> StatusAndFieldAsync(Task<MediaHost.Reply> sending)
    {
        MediaHost.Reply reply = await sending;
        return (reply.Status, reply.Field);
    }
}
