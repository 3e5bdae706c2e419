using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Media;
using CoolChat.Media.Objects;
using Xunit;

namespace CoolChat.ContractTests.Media;

/// <summary>What every <see cref="IMediaRecords"/> keeps, and the <see cref="IMediaCatalog"/> on it. Each <see cref="Open"/> is another instance on the same backend.</summary>
public abstract class MediaRecordsContract
{
    private const int MaxOpen = 3;
    private const long Quota = 1000;
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Guid _owner = Guid.CreateVersion7();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract IMediaRecords Open();

    /// <summary>Everything closed and opened again.</summary>
    private protected abstract IMediaRecords Restart();

    private MediaRecord Upload(long size = 10, DateTimeOffset? created = null) => new()
    {
        Id = Guid.CreateVersion7(),
        Owner = _owner,
        FileName = "tide 🌊.png",
        ContentType = "image/png",
        Size = size,
        Sha256 = new string('a', 64),
        Encrypted = true,
        PartSize = 4,
        State = MediaState.Open,
        CreatedAt = created ?? Now,
        ExpiresAt = (created ?? Now).AddDays(1),
    };

    private async Task<MediaRecord> StartAsync(long size = 10)
    {
        MediaRecord record = Upload(size);
        Assert.Null(await Open().TryStartAsync(record, MaxOpen, Quota, Token));
        return record;
    }

    private static MediaRecord Completed(MediaRecord record) => record with
    {
        State = MediaState.Complete,
        ContentType = "application/octet-stream",
        Sha256 = new string('b', 64),
        CompletedAt = Now.AddMinutes(5),
    };

    [Fact]
    public async Task Start_Upload_IsThereAsItWas_AlsoAfterARestart()
    {
        MediaRecord record = await StartAsync();
        Assert.Equal(record, await Open().FindAsync(record.Id, Token));
        Assert.Equal(record, await Restart().FindAsync(record.Id, Token));
        Assert.Null(await Open().FindAsync(Guid.CreateVersion7(), Token));
        MediaRecord plain = Upload() with { Sha256 = null, Encrypted = false };
        await Open().TryStartAsync(plain, MaxOpen, Quota, Token);
        Assert.Equal(plain, await Open().FindAsync(plain.Id, Token));
    }

    [Fact]
    public async Task Start_MoreThanAllowed_IsRefused_UntilOneIsDoneOrOver()
    {
        MediaRecord first = await StartAsync();
        await StartAsync();
        await StartAsync();
        Assert.Equal(ErrorCodes.RateLimited, (await Open().TryStartAsync(Upload(), MaxOpen, Quota, Token))?.Code);
        Assert.True(await Open().CompleteAsync(Completed(first), Token));
        await StartAsync();
        Assert.Equal(ErrorCodes.RateLimited, (await Open().TryStartAsync(Upload(), MaxOpen, Quota, Token))?.Code);
        // The others have run out by then.
        Assert.Null(await Open().TryStartAsync(Upload(created: Now.AddDays(2)), MaxOpen, Quota, Token));
    }

    [Fact]
    public async Task Start_OverTheQuota_IsRefused_UntilSomethingIsGone()
    {
        MediaRecord large = await StartAsync(Quota);
        Refusal? refusal = await Open().TryStartAsync(Upload(1), MaxOpen, Quota, Token);
        Assert.Equal((ErrorCodes.TooLarge, "size"), (refusal?.Code, refusal?.Field));
        Assert.True(await Open().MarkDeletingAsync(large.Id, MediaState.Open, Token));
        // Its bytes are still there.
        Assert.Equal(ErrorCodes.TooLarge, (await Open().TryStartAsync(Upload(1), MaxOpen, Quota, Token))?.Code);
        await Open().RemoveAsync(large.Id, Token);
        Assert.Null(await Open().TryStartAsync(Upload(1), MaxOpen, Quota, Token));
        // Somebody else's is their own.
        Assert.Null(await Open().TryStartAsync(Upload(Quota) with { Owner = Guid.CreateVersion7() }, MaxOpen, Quota, Token));
    }

    [Fact]
    public async Task Start_ManyAtOnceOnTwoInstances_StopsExactlyAtTheLimits()
    {
        IMediaRecords[] stores = [Open(), Open()];
        Refusal?[] byCount = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => stores[i % 2].TryStartAsync(Upload(1), MaxOpen, Quota, Token).AsTask()));
        Assert.Equal(MaxOpen, byCount.Count(refusal => refusal is null));
        Guid other = Guid.CreateVersion7();
        Refusal?[] bySize = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => stores[i % 2].TryStartAsync(Upload(300) with { Owner = other }, 100, Quota, Token).AsTask()));
        Assert.Equal(3, bySize.Count(refusal => refusal is null));
    }

    [Fact]
    public async Task Complete_Open_IsAnObjectOnce()
    {
        MediaRecord record = await StartAsync();
        MediaRecord completed = Completed(record);
        bool[] done = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Open().CompleteAsync(completed, Token).AsTask()));
        Assert.Single(done, static it => it);
        Assert.Equal(completed, await Restart().FindAsync(record.Id, Token));
    }

    [Fact]
    public async Task CompleteAndDelete_AtOnce_OneOfThemHappens()
    {
        for (int i = 0; i < 10; i++)
        {
            MediaRecord record = Upload();
            await Open().TryStartAsync(record, 100, Quota, Token);
            Task<bool> completing = Open().CompleteAsync(Completed(record), Token).AsTask();
            Task<bool> deleting = Open().MarkDeletingAsync(record.Id, MediaState.Open, Token).AsTask();
            Assert.True(await completing ^ await deleting);
            Assert.Equal(await completing ? MediaState.Complete : MediaState.Deleting, (await Open().FindAsync(record.Id, Token))?.State);
        }
    }

    [Fact]
    public async Task MarkDeleting_FromAnotherState_ChangesNothing()
    {
        MediaRecord record = await StartAsync();
        Assert.False(await Open().MarkDeletingAsync(record.Id, MediaState.Complete, Token));
        Assert.False(await Open().MarkDeletingAsync(Guid.CreateVersion7(), MediaState.Open, Token));
        await Open().RemoveAsync(record.Id, Token);
        Assert.Equal(record, await Open().FindAsync(record.Id, Token));
        Assert.True(await Open().MarkDeletingAsync(record.Id, MediaState.Open, Token));
        Assert.False(await Open().CompleteAsync(Completed(record), Token));
        await Open().RemoveAsync(record.Id, Token);
        await Open().RemoveAsync(record.Id, Token);
        Assert.Null(await Restart().FindAsync(record.Id, Token));
    }

    [Fact]
    public async Task ListDoomed_DeletionsAndAbandonedUploads_NothingElse()
    {
        MediaRecord open = await StartAsync();
        MediaRecord complete = await StartAsync();
        MediaRecord deleting = await StartAsync();
        await Open().CompleteAsync(Completed(complete), Token);
        await Open().MarkDeletingAsync(deleting.Id, MediaState.Open, Token);
        Assert.Equal([deleting.Id], (await Open().ListDoomedAsync(Now, Token)).Select(record => record.Id));
        Assert.Equal(
            new[] { open.Id, deleting.Id }.Order(), (await Restart().ListDoomedAsync(open.ExpiresAt, Token)).Select(record => record.Id).Order());
    }

    [Fact]
    public async Task ListOwned_InPages_GivesAllThatIsVisibleOnce()
    {
        List<Guid> expected = [];
        for (int i = 0; i < 5; i++)
        {
            MediaRecord record = Upload(1);
            await Open().TryStartAsync(record, 100, Quota, Token);
            expected.Add(record.Id);
        }
        await Open().MarkDeletingAsync(expected[1], MediaState.Open, Token);
        expected.RemoveAt(1);
        await Open().TryStartAsync(Upload(1) with { Owner = Guid.CreateVersion7() }, 100, Quota, Token);
        List<Guid> found = [];
        for (Guid after = Guid.Empty; ; after = found[^1])
        {
            IReadOnlyList<MediaRecord> page = await Open().ListOwnedAsync(_owner, after, 2, Token);
            if (page.Count == 0)
                break;
            Assert.InRange(page.Count, 1, 2);
            found.AddRange(page.Select(record => record.Id));
        }
        // By id: ids of one millisecond stand in any order.
        Assert.Equal(expected.Order(), found);
    }

    [Fact]
    public async Task ListComplete_InPages_GivesWhatWasCompletedByThen()
    {
        List<Guid> expected = [];
        DateTimeOffset now = Upload(1).CreatedAt;
        foreach (int hours in (int[])[0, 1, 2, 3])
        {
            MediaRecord record = await StartAsync();
            Assert.True(await Open().CompleteAsync(record with { State = MediaState.Complete, CompletedAt = now.AddHours(hours) }, Token));
            if (hours <= 2)
                expected.Add(record.Id);
        }
        await StartAsync();
        IReadOnlyList<MediaRecord> first = await Open().ListCompleteAsync(now.AddHours(2), Guid.Empty, 2, Token);
        IReadOnlyList<MediaRecord> second = await Open().ListCompleteAsync(now.AddHours(2), first[^1].Id, 2, Token);

        Assert.Equal(expected.Order(), first.Concat(second).Select(record => record.Id).Order());
        Assert.Equal((2, 1), (first.Count, second.Count));
    }

    [Fact]
    public async Task Catalog_KnowsCompletedObjectsOnly()
    {
        MediaCatalog catalog = new(Open());
        MediaRecord record = await StartAsync();
        Assert.Null(await catalog.FindAsync(record.Id, Token));
        await Open().CompleteAsync(Completed(record), Token);
        Assert.Equal(new MediaInfo(record.Id, _owner, record.FileName, "application/octet-stream", 10, true), await catalog.FindAsync(record.Id, Token));
        await Open().MarkDeletingAsync(record.Id, MediaState.Complete, Token);
        Assert.Null(await catalog.FindAsync(record.Id, Token));
    }
}
