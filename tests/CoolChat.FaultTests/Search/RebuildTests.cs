using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.FaultTests.Search;

/// <summary>Search and statistics survive what happens to the server and to their files.</summary>
public sealed class RebuildTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Search_KilledLostAndRebuilt_FindsEveryMessageOnce()
    {
        await using StandaloneProcess server = await StandaloneProcess.StartAsync(cancellationToken: Token);
        await using TestPerson ada = await TestPerson.ConnectAsync(server.Url, cancellationToken: Token);
        ConversationView room = await ada.Client.Chat.CreateGroupAsync("Tide gauge", [], Token);
        List<Guid> sent = [];
        for (int i = 0; i < 40; i++)
        {
            sent.Insert(0, (await ada.Client.SendTextAsync(room.Id, $"Wasserstand 水位 {i}", cancellationToken: Token)).CommandId!.Value);
            if (i == 20)
            {
                server.Kill();
                await server.StartAgainAsync(Token);
            }
        }

        await AssertFoundAsync(ada, sent);
        Assert.Matches(@"search \([1-9]\d* events\)", await RebuildAsync(server));
        await AssertFoundAsync(ada, sent);

        await server.StopAsync();
        File.Delete(Path.Combine(server.DataFolder, "search.db"));
        await server.StartAgainAsync(Token);
        await AssertFoundAsync(ada, sent);

        await server.StopAsync();
        Assert.Contains("analysis", await RebuildAsync(server), StringComparison.Ordinal);
        await server.StartAgainAsync(Token);
        await AssertFoundAsync(ada, sent);
    }

    [Fact]
    public async Task Analysis_RebuiltByTheCommand_AndAfterItsFileWasLost_SaysTheSame()
    {
        await using StandaloneProcess server = await StandaloneProcess.StartAsync(cancellationToken: Token);
        await using TestPerson ada = await TestPerson.ConnectAsync(server.Url, cancellationToken: Token);
        Guid room = (await ada.Client.Chat.CreateGroupAsync("Tide gauge", [], Token)).Id;
        foreach (string text in new[] { "This is the first of the messages", "see https://example.org/tide and that is it", "Das ist nicht die letzte von denen", "今天天气很好" })
            await ada.Client.SendTextAsync(room, text, cancellationToken: Token);
        Guid gone = (await ada.Client.SendTextAsync(room, "https://example.org/gone", cancellationToken: Token)).CommandId!.Value;
        await ada.Client.SendAsync(new Command { CommandId = Guid.CreateVersion7(), ConversationId = room, Type = CommandTypes.MessageDelete, MessageId = gone }, Token);

        ConversationStats stats = await Eventually.ValueAsync(async () => await ada.Client.Chat.StatsAsync(room, Token) is { Messages: 4, Languages.Count: > 1 } found ? found : null, "the statistics have caught up");
        Assert.Equal(4, stats.Days.Sum(day => day.Messages));
        Assert.Contains(stats.Languages, language => language.Language == "de");
        await AssertSameAsync(ada, room, stats);
        await RebuildAsync(server);
        await AssertSameAsync(ada, room, stats);

        await server.StopAsync();
        File.Delete(Path.Combine(server.DataFolder, "analysis.db"));
        await RebuildAsync(server);
        await server.StartAgainAsync(Token);
        await AssertSameAsync(ada, room, stats);
    }

    private static async Task AssertSameAsync(TestPerson person, Guid room, ConversationStats expected)
    {
        Assert.Equivalent(expected, await person.Client.Chat.StatsAsync(room, Token), strict: true);
        Assert.Equal("https://example.org/tide", Assert.Single((await person.Client.Chat.LinksAsync(room, cancellationToken: Token)).Items).Url);
    }

    private static async Task AssertFoundAsync(TestPerson person, List<Guid> newestFirst)
    {
        List<Guid> found = [];
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                Page<SearchHit> page = await person.Client.Chat.SearchAsync("水位 wasserstand", cancellationToken: Token);
                found = [.. page.Items.Select(hit => hit.Message.MessageId)];
                return found.Count >= newestFirst.Count;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, "search has caught up", TimeSpan.FromSeconds(60));
        Assert.Equal(newestFirst, found);
    }

    private static Task<string> RebuildAsync(StandaloneProcess server) => ProgramRun.SucceedAsync("rebuild-search", "--data", server.DataFolder);
}
