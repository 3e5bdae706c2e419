using System.Diagnostics;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.FaultTests;

/// <summary>A data folder on a small tmpfs that fills up. Needs root to mount it.</summary>
public sealed class FullDiskTests
{
    private const int SizeMiB = 160;

    [Fact]
    public async Task FullDisk_RefusesByStorageFull_AndRecovers()
    {
        if (Environment.UserName != "root" && Environment.GetEnvironmentVariable("CI") != "true")
            Assert.Skip("Needs root to mount a small tmpfs.");
        string folder = Directory.CreateTempSubdirectory("coolchat-full-").FullName;
        Run("mount", "-t", "tmpfs", "-o", $"size={SizeMiB}m,mode=0700", "tmpfs", folder);
        try
        {
            await FillAndRecoverAsync(folder);
        }
        finally
        {
            Run("umount", "-l", folder);
            Directory.Delete(folder);
        }
    }

    [Fact]
    public async Task Start_OnAFullDisk_IsOneLineThatSaysSo_AndCreatesNothing()
    {
        if (Environment.UserName != "root" && Environment.GetEnvironmentVariable("CI") != "true")
            Assert.Skip("Needs root to mount a small tmpfs.");
        string folder = Directory.CreateTempSubdirectory("coolchat-tiny-").FullName;
        Run("mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs", folder);
        try
        {
            string data = Path.Combine(folder, "data");
            ProgramRun run = await ProgramRun.OfAsync("--urls", "http://127.0.0.1:0", "--data", data);
            string line = Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.StartsWith("CoolChat can't start.", line, StringComparison.Ordinal);
            Assert.Contains("full", line, StringComparison.Ordinal);
            Assert.Contains(data, line, StringComparison.Ordinal);
            Assert.Equal(1, run.ExitCode);
            Assert.False(Directory.Exists(data));
        }
        finally
        {
            Run("umount", "-l", folder);
            Directory.Delete(folder);
        }
    }

    private static async Task FillAndRecoverAsync(string folder)
    {
        string data = Path.Combine(folder, "data");
        await using StandaloneProcess server = await StandaloneProcess.StartAsync(new StandaloneSettings { DataFolder = data, Configuration = KillTests.Unlimited });
        await using TestPerson person = await TestPerson.ConnectAsync(server.Url);
        Guid notes = (await person.Client.Chat.OpenDirectAsync(person.Id.ToString())).Id;
        List<CommandResult> acknowledged = [await person.Client.SendTextAsync(notes, "before")];

        string filler = Path.Combine(folder, "filler");
        Fill(filler);
        CoolChatException? refusal = await SendUntilRefusedAsync(person, notes, acknowledged);
        Assert.Equal(ErrorCodes.StorageFull, refusal?.Code);
        // Reading goes on.
        Assert.NotEmpty((await person.Client.Chat.MessagesAsync(notes)).Items);

        File.Delete(filler);
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    acknowledged.Add(await person.Client.SendTextAsync(notes, "after"));
                    return true;
                }
                catch (CoolChatException again) when (again.Code == ErrorCodes.StorageFull)
                {
                    return false;
                }
            },
            "it writes again when there is room",
            TimeSpan.FromSeconds(60));
        await person.Client.SyncAsync();
        ConversationState state = person.Client.Find(notes)!;
        Assert.All(acknowledged, result => Assert.Equal(result.Seq, state.Find(result.CommandId!.Value)?.Seq));
        Assert.True(server.IsRunning);
    }

    private static async Task<CoolChatException?> SendUntilRefusedAsync(TestPerson person, Guid conversation, List<CommandResult> acknowledged)
    {
        string text = new('x', 16_000);
        // Bounded: the whole disk holds less than this.
        for (int i = 0; i < SizeMiB * 100; i++)
        {
            try
            {
                acknowledged.Add(await person.Client.SendTextAsync(conversation, text).WaitAsync(TimeSpan.FromSeconds(30)));
            }
            catch (CoolChatException refusal)
            {
                return refusal;
            }
        }
        return null;
    }

    /// <summary>Takes all the room that is left.</summary>
    private static void Fill(string path)
    {
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
        byte[] block = new byte[64 * 1024];
        try
        {
            while (true)
                file.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
