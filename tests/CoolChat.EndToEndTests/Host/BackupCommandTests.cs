using System.Net;
using System.Net.Http.Headers;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Host;

/// <summary>README's backup commands, as they are typed.</summary>
public sealed class BackupCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coolchat-backup-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BackupAndRestore_RunningOrNot_KeepPeopleAndMessages(bool running)
    {
        string data = Path.Combine(_folder, "data");
        string backup = Path.Combine(_folder, "backup");
        string restored = Path.Combine(_folder, "restored");
        WalletKey key = WalletKey.Create();
        Guid conversation;
        await using (StandaloneProcess server = await StandaloneProcess.StartAsync(new StandaloneSettings { DataFolder = data }, TestContext.Current.CancellationToken))
        {
            await using TestPerson person = await TestPerson.SignInAsync(server.Url, key, cancellationToken: TestContext.Current.CancellationToken);
            conversation = (await person.Client.Chat.OpenDirectAsync(person.Id.ToString(), TestContext.Current.CancellationToken)).Id;
            await person.Client.SendTextAsync(conversation, "keep this", cancellationToken: TestContext.Current.CancellationToken);
            if (!running)
                await server.StopAsync();
            Succeeded(await ProgramRun.OfAsync("backup", "--data", data, "--to", backup));
        }
        Succeeded(await ProgramRun.OfAsync("restore", "--from", backup, "--data", restored));

        await using StandaloneProcess again = await StandaloneProcess.StartAsync(new StandaloneSettings { DataFolder = restored }, TestContext.Current.CancellationToken);
        await using TestPerson same = await TestPerson.SignInAsync(again.Url, key, cancellationToken: TestContext.Current.CancellationToken);
        MessagePage page = await same.Client.Chat.MessagesAsync(conversation, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("keep this", Assert.Single(page.Items).Content?.Text);
    }

    [Fact]
    public async Task Restore_UnderConnectedClients_BringsThemBackAndNobodyWhoWasSignedOutSince()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string data = Path.Combine(_folder, "data");
        string backup = Path.Combine(_folder, "backup");
        await using StandaloneProcess server = await StandaloneProcess.StartAsync(new StandaloneSettings { DataFolder = data }, token);
        await using TestPerson person = await TestPerson.ConnectAsync(server.Url, cancellationToken: token);
        await using TestPerson lostPhone = await TestPerson.SignInAsync(server.Url, person.Key, cancellationToken: token);
        Guid conversation = await Steps.DirectAsync(person, person);
        await person.Client.SendTextAsync(conversation, "kept", cancellationToken: token);
        Succeeded(await ProgramRun.OfAsync("backup", "--data", data, "--to", backup));
        await person.Client.SendTextAsync(conversation, "after the backup", cancellationToken: token);
        Page<SessionView> sessions = await person.Client.People.SessionsAsync(token);
        await person.Client.People.RevokeSessionAsync(sessions.Items.Single(session => !session.Current).Id, token);

        await server.StopAsync();
        Task<CommandResult> waiting = person.Client.SendTextAsync(conversation, "written while it was away", cancellationToken: token);
        Directory.Move(data, data + "-broken");
        Succeeded(await ProgramRun.OfAsync("restore", "--from", backup, "--data", data));
        await server.StartAgainAsync(token);

        await waiting.WaitAsync(TimeSpan.FromSeconds(30), token);
        ConversationState state = await person.SeesAsync(conversation, local => local.LastSeq == 3, "the log of the backup and what waited");
        Assert.Equal(["kept", "written while it was away"], state.Messages.Select(message => message.Content?.Text));
        await using CoolChatClient thief = CoolChatClient.Resume(server.Url, lostPhone.Client.Tokens);
        await Steps.RefusedAsync(ErrorCodes.ServerRestored, () => thief.People.MeAsync(token));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server.Url, lostPhone.Client.Tokens.AccessToken, token));
        Assert.Single((await person.Client.People.SessionsAsync(token)).Items);
    }

    private static async Task<HttpStatusCode> StatusAsync(Uri server, string accessToken, CancellationToken cancellationToken)
    {
        using HttpClient http = new() { BaseAddress = server };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        using HttpResponseMessage response = await http.GetAsync(new Uri("user/me", UriKind.Relative), cancellationToken);
        return response.StatusCode;
    }

    private static void Succeeded(ProgramRun run) => Assert.True(run.ExitCode == 0, run.Output + run.Errors);
}
