using System.Text;
using CoolChat.Contracts.Internal;
using Xunit;

namespace CoolChat.ContractTests.PersonalData;

/// <summary>A service's part of "everything about me", and people who have something in it.</summary>
public interface IPersonalDataBackend : IAsyncDisposable
{
    IPersonalData Data { get; }

    /// <summary>Somebody new whose data here hold <paramref name="marker"/>.</summary>
    Task<Guid> PersonWithAsync(string marker);
}

/// <summary>What holds for every <see cref="IPersonalData"/>.</summary>
public abstract class PersonalDataContract : IAsyncLifetime
{
    private IPersonalDataBackend _backend = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<IPersonalDataBackend> OpenAsync();

    public async ValueTask InitializeAsync() => _backend = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<Dictionary<string, string>> ExportAsync(Guid userId)
    {
        Dictionary<string, string> files = [];
        await _backend.Data.ExportAsync(
            userId,
            async (name, write) =>
            {
                using MemoryStream content = new();
                await write(content, Token);
                files.Add(name, Encoding.UTF8.GetString(content.ToArray()));
            },
            Token);
        return files;
    }

    private static bool Holds(Dictionary<string, string> files, string marker) => files.Values.Any(content => content.Contains(marker, StringComparison.Ordinal));

    [Fact]
    public void Section_IsAFolderName() => Assert.Matches("^[a-z]+$", _backend.Data.Section);

    [Fact]
    public async Task Export_IsWhatOneHas_InFilesThatStayInTheirFolder_AndNothingOfOthers()
    {
        Guid ann = await _backend.PersonWithAsync("marker-of-ann"), bob = await _backend.PersonWithAsync("marker-of-bob");
        Dictionary<string, string> files = await ExportAsync(ann);
        Assert.All(files.Keys, name => Assert.Matches(@"^[^/\\:*?""<>|\u0000-\u001f]+(/[^/\\:*?""<>|\u0000-\u001f]+)*$", name));
        Assert.DoesNotContain(files.Keys, name => name.Split('/').Contains(".."));
        Assert.True(Holds(files, "marker-of-ann"));
        Assert.False(Holds(files, "marker-of-bob"));
        Assert.True(Holds(await ExportAsync(bob), "marker-of-bob"));
        Assert.Equal(files, await ExportAsync(ann));
    }

    [Fact]
    public async Task Export_OfSomebodyUnknown_IsEmptyOfEverything()
    {
        await _backend.PersonWithAsync("marker-of-ann");
        Assert.False(Holds(await ExportAsync(Guid.CreateVersion7()), "marker"));
    }

    [Fact]
    public async Task Erase_WithMessages_LeavesNothing_CanBeRepeated_AndHarmsNobodyElse()
    {
        Guid ann = await _backend.PersonWithAsync("marker-of-ann"), bob = await _backend.PersonWithAsync("marker-of-bob");
        await _backend.Data.EraseAsync(ann, eraseMessages: true, Token);
        Assert.False(Holds(await ExportAsync(ann), "marker"));
        await _backend.Data.EraseAsync(ann, eraseMessages: true, Token);
        await _backend.Data.EraseAsync(ann, eraseMessages: false, Token);
        await _backend.Data.EraseAsync(Guid.CreateVersion7(), eraseMessages: true, Token);
        Assert.True(Holds(await ExportAsync(bob), "marker-of-bob"));
    }
}
