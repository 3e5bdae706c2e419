using System.Diagnostics;
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
        Assert.Contains("search", await RebuildAsync(server), StringComparison.Ordinal);
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
        }, "search has caught up", TimeSpan.FromSeconds(20));
        Assert.Equal(newestFirst, found);
    }

    private static async Task<string> RebuildAsync(StandaloneProcess server)
    {
        using Process command = Process.Start(new ProcessStartInfo("dotnet", ["exec", Repository.StandaloneAssembly, "rebuild-search", "--data", server.DataFolder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string output = await command.StandardOutput.ReadToEndAsync(Token);
        string error = await command.StandardError.ReadToEndAsync(Token);
        await command.WaitForExitAsync(Token);
        Assert.True(command.ExitCode == 0, error);
        return output;
    }
}
