using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ContractTests.Conversations;
using Xunit;

namespace CoolChat.ContractTests.Search;

/// <summary>What holds for every <see cref="IConversationAnalysis"/> behind a real log.</summary>
public abstract class ConversationAnalysisContract : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coolchat-analysis-").FullName;
    private readonly Neighbours _neighbours = new();
    private readonly Guid _ada = Guid.CreateVersion7();
    private readonly Guid _bo = Guid.CreateVersion7();
    private SearchWorld _world = null!;
    private Guid _room;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<SearchWorld> OpenAsync(string folder, Neighbours neighbours);

    public async ValueTask InitializeAsync()
    {
        _world = await OpenAsync(_folder, _neighbours);
        _room = await _world.GroupAsync(_ada, [_bo], history: HistoryVisibilities.Joined);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Stats_SentEditedDeletedErased_CountWhatIsThere_AlsoRebuilt()
    {
        await _world.SendAsync(_room, _ada, "This is the first of the messages");
        Guid edited = await _world.SendAsync(_room, _ada, "And this is the second of them");
        _neighbours.Time.Advance(TimeSpan.FromDays(1));
        Guid deleted = await _world.SendAsync(_room, _ada, "Das ist nicht die letzte");
        await _world.SendAsync(_room, _bo, "Das ist von mir und nicht von dir");
        await _world.SendAsync(_room, _ada, "今天天气很好");
        await _world.CatchUpAsync();
        await AssertStats(5, [("2026-11-25", 3), ("2026-11-24", 2)], [("de", 2), ("en", 2), ("zh", 1)]);

        await _world.EditAsync(_room, _ada, edited, "C'est la vie, et je ne suis pas là");
        await _world.DeleteAsync(_room, _ada, deleted);
        await _world.EraseAsync(_room, _bo);
        await _world.CatchUpAsync();
        await AssertStats(3, [("2026-11-25", 1), ("2026-11-24", 2)], [("en", 1), ("fr", 1), ("zh", 1)]);

        await _world.DisposeAsync();
        _world = await OpenAsync(_folder, _neighbours);
        await _world.RebuildAsync();
        await AssertStats(3, [("2026-11-25", 1), ("2026-11-24", 2)], [("en", 1), ("fr", 1), ("zh", 1)]);
    }

    [Fact]
    public async Task Stats_JoinedLater_CountFromThereOn()
    {
        Guid cy = Guid.CreateVersion7();
        await _world.SendAsync(_room, _ada, "This is what was before");
        await _world.AddMemberAsync(_room, _ada, cy);
        await _world.SendAsync(_room, _ada, "Das ist was danach noch kam und nicht mehr");
        await _world.CatchUpAsync();

        ConversationStats stats = (await _world.Get<IConversationAnalysis>().GetStatsAsync(cy, _room, Token)).Value!;
        Assert.Equal(1, stats.Messages);
        Assert.Equal("de", Assert.Single(stats.Languages).Language);
        Assert.Equal(1, Assert.Single(stats.Days).Messages);
    }

    [Fact]
    public async Task Links_SharedAndPaged_AreLatestFirst_AndOnlyThoseThatAreThere()
    {
        Guid first = await _world.SendAsync(_room, _ada, "see https://a.example/1, (https://a.example/2) and https://a.example/1 again.");
        Guid second = await _world.SendAsync(_room, _bo, "http://b.example/x?y=z#w!");
        Guid gone = await _world.SendAsync(_room, _ada, "https://c.example");
        await _world.SendAsync(_room, _ada, "no link: example.com, ftp://x, https://");
        await _world.CatchUpAsync();
        await _world.DeleteAsync(_room, _ada, gone);

        List<(string, Guid)> found = [];
        string? next = null;
        do
        {
            Page<LinkView> page = (await _world.Get<IConversationAnalysis>().ListLinksAsync(_ada, _room, next, 2, Token)).Value!;
            found.AddRange(page.Items.Select(link => (link.Url, link.MessageId)));
            next = page.Next;
        }
        while (next is not null);
        Assert.Equal([("http://b.example/x?y=z#w", second), ("https://a.example/1", first), ("https://a.example/2", first)], found);

        await _world.EditAsync(_room, _ada, first, "https://a.example/3");
        await _world.CatchUpAsync();
        Page<LinkView> after = (await _world.Get<IConversationAnalysis>().ListLinksAsync(_bo, _room, null, 10, Token)).Value!;
        Assert.Equal(["http://b.example/x?y=z#w", "https://a.example/3"], after.Items.Select(link => link.Url));
    }

    [Fact]
    public async Task Analysis_StrangerOrBadPage_IsRefused()
    {
        IConversationAnalysis analysis = _world.Get<IConversationAnalysis>();
        Guid stranger = Guid.CreateVersion7();
        Assert.Equal(ErrorCodes.NotFound, (await analysis.GetStatsAsync(stranger, _room, Token)).Refusal?.Code);
        Assert.Equal(ErrorCodes.NotFound, (await analysis.ListLinksAsync(stranger, _room, null, 10, Token)).Refusal?.Code);
        Assert.Equal("next", (await analysis.ListLinksAsync(_ada, _room, "x", 10, Token)).Refusal?.Field);
        Assert.Equal("limit", (await analysis.ListLinksAsync(_ada, _room, null, 0, Token)).Refusal?.Field);
        Assert.Equal(0, (await analysis.GetStatsAsync(_ada, _room, Token)).Value!.Messages);
    }

    private async Task AssertStats(long messages, (string Day, long Count)[] days, (string Language, long Count)[] languages)
    {
        ConversationStats stats = (await _world.Get<IConversationAnalysis>().GetStatsAsync(_ada, _room, Token)).Value!;
        Assert.Equal(messages, stats.Messages);
        Assert.Equal(days, stats.Days.Select(day => (day.Day.ToString("O", System.Globalization.CultureInfo.InvariantCulture), day.Messages)));
        Assert.Equal(languages, stats.Languages.Select(language => (language.Language, language.Messages)));
    }
}
