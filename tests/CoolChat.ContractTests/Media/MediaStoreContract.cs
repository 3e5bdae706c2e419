using System.Security.Cryptography;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Media;
using Xunit;

namespace CoolChat.ContractTests.Media;

/// <summary>What every <see cref="IMediaStore"/> keeps. An adapter says only how to open one; opening again sees the same bytes.</summary>
public abstract class MediaStoreContract
{
    private readonly Guid _id = Guid.CreateVersion7();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract IMediaStore Open();

    [Fact]
    public async Task ReceivePart_Committed_IsListed_AlsoByAnotherInstance()
    {
        IMediaStore store = Open();
        await PutAsync(store, 2, [1, 2]);
        await PutAsync(store, 10, [1]);

        Assert.Equal([2, 10], await store.ListPartsAsync(_id, Token));
        Assert.Equal([2, 10], await Open().ListPartsAsync(_id, Token));
        Assert.Empty(await store.ListPartsAsync(Guid.CreateVersion7(), Token));
    }

    [Fact]
    public async Task ReceivePart_NotCommitted_DoesNotCount()
    {
        IMediaStore store = Open();
        Result<IReceivedPart> received = await store.ReceivePartAsync(_id, 1, 2, new MemoryStream([1, 2]), Token);
        Assert.True(received.Ok);
        Assert.Empty(await store.ListPartsAsync(_id, Token));

        await received.Value.DisposeAsync();
        Assert.Empty(await store.ListPartsAsync(_id, Token));
    }

    [Theory]
    [InlineData(0, ErrorCodes.Invalid)]
    [InlineData(99, ErrorCodes.Invalid)]
    [InlineData(101, ErrorCodes.TooLarge)]
    [InlineData(300_000, ErrorCodes.TooLarge)]
    public async Task ReceivePart_OfAnotherSize_IsRefusedAndTheEarlierPartStays(int sent, string code)
    {
        IMediaStore store = Open();
        byte[] earlier = RandomNumberGenerator.GetBytes(100);
        await PutAsync(store, 1, earlier);

        Result<IReceivedPart> received = await store.ReceivePartAsync(_id, 1, 100, new MemoryStream(new byte[sent]), Token);

        Assert.Equal(code, received.Refusal?.Code);
        await AssembleAsync(store, 1);
        Assert.Equal(earlier, await ReadAsync(store));
    }

    [Fact]
    public async Task ReceivePart_StreamFails_KeepsNothing()
    {
        IMediaStore store = Open();
        await Assert.ThrowsAsync<IOException>(async () => await store.ReceivePartAsync(_id, 1, 100, new Breaking(), Token));
        Assert.Empty(await store.ListPartsAsync(_id, Token));
    }

    [Fact]
    public async Task ReceivePart_SameNumberAtOnce_IsOneOfThemWhole()
    {
        IMediaStore store = Open();
        byte[][] contents = [.. Enumerable.Range(1, 6).Select(i => Enumerable.Repeat((byte)i, 50_000).ToArray())];
        await Task.WhenAll(contents.Select(content => PutAsync(store, 1, content)));

        await AssembleAsync(store, 1);
        byte[] made = await ReadAsync(store);
        Assert.Contains(contents, content => content.AsSpan().SequenceEqual(made));
    }

    [Fact]
    public async Task Assemble_Parts_JoinsThemInOrderWithTheirDigest()
    {
        IMediaStore store = Open();
        byte[] bytes = RandomNumberGenerator.GetBytes(400_000);
        await PutAsync(store, 2, bytes[150_000..300_000]);
        await PutAsync(store, 3, bytes[300_000..]);
        await PutAsync(store, 1, bytes[..150_000]);

        AssembledObject made = await AssembleAsync(store, 3);

        Assert.Equal(bytes.Length, made.Size);
        Assert.Equal(SHA256.HashData(bytes), made.Sha256.ToArray());
        Assert.Equal(bytes[..made.Head.Length], made.Head.ToArray());
        Assert.Equal(4096, made.Head.Length);
        Assert.Equal(bytes, await ReadAsync(Open()));
    }

    [Fact]
    public async Task Assemble_DigestNotAccepted_MakesNothing_AndCanBeRepeated()
    {
        IMediaStore store = Open();
        await PutAsync(store, 1, [1, 2, 3]);

        Result<AssembledObject> refused = await store.AssembleAsync(_id, 1, _ => Refusal.Invalid("sha256", "No."), Token);

        Assert.Equal("sha256", refused.Refusal?.Field);
        Assert.Null(await store.OpenAsync(_id, Token));
        await AssembleAsync(store, 1);
        await AssembleAsync(store, 1);
        Assert.Equal([1, 2, 3], await ReadAsync(store));
    }

    [Fact]
    public async Task Open_Object_IsSeekable()
    {
        IMediaStore store = Open();
        await PutAsync(store, 1, [1, 2, 3, 4]);
        await AssembleAsync(store, 1);

        await using Stream content = (await store.OpenAsync(_id, Token))!;
        Assert.Equal(4, content.Length);
        content.Seek(2, SeekOrigin.Begin);
        Assert.Equal(3, content.ReadByte());
    }

    [Fact]
    public async Task Delete_PartsAndObject_AreGone_AndDeletingAgainIsFine()
    {
        IMediaStore store = Open();
        await PutAsync(store, 1, [1]);
        await AssembleAsync(store, 1);
        await store.DeletePartsAsync(_id, Token);
        Assert.Empty(await store.ListPartsAsync(_id, Token));
        Assert.Equal([1], await ReadAsync(store));

        await store.DeleteObjectAsync(_id, Token);
        await store.DeleteObjectAsync(_id, Token);
        await store.DeletePartsAsync(_id, Token);
        Assert.Null(await store.OpenAsync(_id, Token));
    }

    [Fact]
    public async Task ListUploads_TouchedBefore_AreThoseWithSomethingLeft()
    {
        IMediaStore store = Open();
        await PutAsync(store, 1, [1]);

        Assert.Equal([_id], await store.ListUploadsAsync(DateTimeOffset.MaxValue, Token));
        Assert.Empty(await store.ListUploadsAsync(DateTimeOffset.UnixEpoch, Token));
        await store.DeletePartsAsync(_id, Token);
        Assert.Empty(await store.ListUploadsAsync(DateTimeOffset.MaxValue, Token));
    }

    [Fact]
    public async Task HasSpace_LittleAndAbsurd_TellsThemApart()
    {
        IMediaStore store = Open();
        Assert.True(await store.HasSpaceAsync(1, Token));
        Assert.False(await store.HasSpaceAsync(long.MaxValue, Token));
    }

    private async Task PutAsync(IMediaStore store, int number, byte[] bytes)
    {
        Result<IReceivedPart> received = await store.ReceivePartAsync(_id, number, bytes.Length, new MemoryStream(bytes), Token);
        Assert.True(received.Ok);
        await using IReceivedPart part = received.Value;
        await part.CommitAsync(Token);
    }

    private async Task<AssembledObject> AssembleAsync(IMediaStore store, int parts)
    {
        Result<AssembledObject> made = await store.AssembleAsync(_id, parts, _ => null, Token);
        Assert.True(made.Ok);
        return made.Value;
    }

    private async Task<byte[]> ReadAsync(IMediaStore store)
    {
        await using Stream content = (await store.OpenAsync(_id, Token))!;
        using MemoryStream copy = new();
        await content.CopyToAsync(copy, Token);
        return copy.ToArray();
    }

    private sealed class Breaking : MemoryStream
    {
        private bool _started;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_started)
                throw new IOException("The connection broke.");
            _started = true;
            return new(10);
        }
    }
}
