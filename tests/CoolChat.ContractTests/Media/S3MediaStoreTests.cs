using System.Security.Cryptography;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Engines;
using CoolChat.Media;
using CoolChat.Media.Adapters.S3;
using CoolChat.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace CoolChat.ContractTests.Media;

/// <summary>On a real S3-compatible store, each test under a prefix of its own.</summary>
public sealed class S3MediaStoreTests : MediaStoreContract, IAsyncLifetime
{
    private readonly List<S3Bucket> _opened = [];
    private readonly Guid _upload = Guid.CreateVersion7();
    private S3MediaOptions _options = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Uri endpoint = new(await Testing.Engines.S3Async());
        string[] keys = endpoint.UserInfo.Split(':');
        _options = new S3MediaOptions
        {
            Endpoint = endpoint.GetLeftPart(UriPartial.Authority).Replace(endpoint.UserInfo + "@", "", StringComparison.Ordinal),
            Region = endpoint.Query.Split('=')[1],
            AccessKey = Uri.UnescapeDataString(keys[0]),
            SecretKey = Uri.UnescapeDataString(keys[1]),
            Bucket = "coolchat-contract",
            Prefix = $"{Guid.NewGuid():N}/",
        };
        await OpenBucket(_options).OpenAsync(create: true, Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_opened.Count > 0)
        {
            S3Bucket bucket = _opened[0];
            await foreach (Amazon.S3.Model.S3Object left in bucket.ListAsync("", CancellationToken.None))
                await bucket.Client.DeleteObjectAsync(bucket.Name, left.Key, CancellationToken.None);
        }

        _opened.ForEach(bucket => bucket.Dispose());
    }

    private protected override IMediaStore Open() => new S3MediaStore(OpenBucket(_options));

    [Fact]
    public async Task Assemble_LargeParts_AreCopiedInsideTheStore()
    {
        IMediaStore store = Open();
        byte[] bytes = RandomNumberGenerator.GetBytes((2 * S3Assembly.LeastPartBytes) + 100_000);
        await PutAsync(store, 1, bytes[..S3Assembly.LeastPartBytes]);
        await PutAsync(store, 2, bytes[S3Assembly.LeastPartBytes..(2 * S3Assembly.LeastPartBytes)]);
        await PutAsync(store, 3, bytes[(2 * S3Assembly.LeastPartBytes)..]);

        Result<AssembledObject> made = await store.AssembleAsync(_upload, 3, _ => null, Token);

        Assert.True(made.Ok);
        Assert.Equal(SHA256.HashData(bytes), made.Value.Sha256.ToArray());
        await using Stream content = (await store.OpenAsync(_upload, Token))!;
        Assert.Equal(bytes.Length, content.Length);
        content.Position = bytes.Length - 200_000;
        using MemoryStream tail = new();
        await content.CopyToAsync(tail, Token);
        Assert.Equal(bytes[^200_000..], tail.ToArray());
        content.Position = 0;
        Assert.Equal(SHA256.HashData(bytes), await SHA256.HashDataAsync(content, Token));
    }

    [Fact]
    public async Task ListUploads_PartReceivedButNeverCommitted_IsFoundAndDeleted()
    {
        IMediaStore store = Open();
        Result<IReceivedPart> abandoned = await store.ReceivePartAsync(_upload, 1, 3, new MemoryStream([1, 2, 3]), Token);
        Assert.True(abandoned.Ok);

        Assert.Equal([_upload], await store.ListUploadsAsync(DateTimeOffset.MaxValue, Token));
        await store.DeletePartsAsync(_upload, Token);
        Assert.Empty(await store.ListUploadsAsync(DateTimeOffset.MaxValue, Token));
    }

    [Fact]
    public async Task Open_WrongSecret_NamesTheKey()
    {
        _options.SecretKey = "wrong";
        EngineStartException refused = await Assert.ThrowsAsync<EngineStartException>(() => OpenBucket(_options).OpenAsync(create: false, Token));
        Assert.Contains("Media:S3:AccessKey", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NoSuchBucket_NamesTheKey()
    {
        _options.Bucket = $"missing-{Guid.NewGuid():N}";
        EngineStartException refused = await Assert.ThrowsAsync<EngineStartException>(() => OpenBucket(_options).OpenAsync(create: false, Token));
        Assert.Contains("Media:S3:Bucket", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListParts_StoreAway_IsRefusedAsUnavailable()
    {
        _options.Endpoint = $"http://127.0.0.1:{StandaloneProcess.FreePort()}";
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(async () => await Open().ListPartsAsync(_upload, Token));
        Assert.Equal(ErrorCodes.Unavailable, refused.Refusal.Code);
    }

    private S3Bucket OpenBucket(S3MediaOptions options)
    {
        S3Bucket bucket = new(Options.Create(options), NullLogger<S3Bucket>.Instance);
        _opened.Add(bucket);
        return bucket;
    }

    private async Task PutAsync(IMediaStore store, int number, byte[] bytes)
    {
        Result<IReceivedPart> received = await store.ReceivePartAsync(_upload, number, bytes.Length, new MemoryStream(bytes), Token);
        Assert.True(received.Ok);
        await using IReceivedPart part = received.Value;
        await part.CommitAsync(Token);
    }
}
