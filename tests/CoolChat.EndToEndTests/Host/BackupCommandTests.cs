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

    private static void Succeeded(ProgramRun run) => Assert.True(run.ExitCode == 0, run.Output + run.Errors);
}
