using System.Diagnostics;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Host;

public sealed class LifetimeTests
{
    [Fact]
    public async Task Start_NewFolder_IsForItsOwnerAlone_AndTellsWhereItIs()
    {
        string parent = Directory.CreateTempSubdirectory("coolchat-life-").FullName;
        string folder = Path.Combine(parent, "data");
        await using (StandaloneProcess server = await StandaloneProcess.StartAsync(new StandaloneSettings { DataFolder = folder }, TestContext.Current.CancellationToken))
        {
            await Eventually.TrueAsync(() => server.Output.Contains("  owner ", StringComparison.Ordinal), "the start notice is there");
            Assert.Contains($"  address  {server.Url.GetLeftPart(UriPartial.Authority)}", server.Output, StringComparison.Ordinal);
            Assert.Contains($"  data     {folder}", server.Output, StringComparison.Ordinal);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }
        Directory.Delete(parent, recursive: true);
    }

    [Fact]
    public async Task Stop_WithPeopleConnected_EndsInSecondsWithoutAnError()
    {
        await using StandaloneProcess server = await StandaloneProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using TestPerson person = await TestPerson.ConnectAsync(server.Url, cancellationToken: TestContext.Current.CancellationToken);
        long begin = Stopwatch.GetTimestamp();
        await server.StopAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(0, server.ExitCode);
        Assert.InRange(Stopwatch.GetElapsedTime(begin), TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.DoesNotContain("fail:", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_EndedWhileItsClientWasAway_IsNotTriedForEver()
    {
        await using StandaloneProcess server = await StandaloneProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using TestPerson keeper = await TestPerson.SignInAsync(server.Url, cancellationToken: TestContext.Current.CancellationToken);
        // Away long enough for what follows; when it comes back, nobody tells it why it is refused.
        CoolChatClientOptions patient = new() { ReconnectDelay = TimeSpan.FromSeconds(4), ReconnectDelayMost = TimeSpan.FromSeconds(4) };
        await using TestPerson away = await TestPerson.ConnectAsync(server.Url, keeper.Key, patient, TestContext.Current.CancellationToken);
        server.Kill();
        await server.StartAgainAsync(TestContext.Current.CancellationToken);
        SessionView other = (await keeper.Client.People.SessionsAsync(TestContext.Current.CancellationToken)).Items.Single(session => !session.Current);
        await keeper.Client.People.RevokeSessionAsync(other.Id, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => away.Client.State == ConnectionState.Closed, "the client whose session ended gives up", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Demo_StartedTwice_IsFurnishedOnce_AndItsBotAnswers()
    {
        await using StandaloneProcess server = await StandaloneProcess.StartAsync(new StandaloneSettings { Arguments = ["--demo"] }, TestContext.Current.CancellationToken);
        await Furnished(server);
        await server.StopAsync();
        await server.StartAgainAsync(TestContext.Current.CancellationToken);
        await Furnished(server);
        await using TestPerson visitor = await TestPerson.ConnectAsync(server.Url, cancellationToken: TestContext.Current.CancellationToken);
        ProfileView bot = Assert.Single((await visitor.Client.People.SearchAsync("Echo", TestContext.Current.CancellationToken)).Items);
        ConversationView direct = await visitor.Client.Chat.OpenDirectAsync(bot.UserId.ToString(), TestContext.Current.CancellationToken);
        await visitor.Client.SendTextAsync(direct.Id, "Is anybody there?", cancellationToken: TestContext.Current.CancellationToken);

        MessageView answer = await Eventually.ValueAsync(
            async () => (await visitor.Client.Chat.MessagesAsync(direct.Id, cancellationToken: TestContext.Current.CancellationToken)).Items
                .FirstOrDefault(message => message.Sender == bot.UserId),
            "the bot has answered");
        Assert.Equal("Is anybody there?", answer.Content?.Text);
    }

    private static Task Furnished(StandaloneProcess server) =>
        Eventually.TrueAsync(() => server.Output.Split("  demo     join", StringSplitOptions.None).Length > 1, "the demo is furnished", TimeSpan.FromSeconds(60));
}
