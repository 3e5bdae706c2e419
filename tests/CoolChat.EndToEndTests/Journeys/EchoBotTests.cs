using System.Diagnostics;
using System.Text.RegularExpressions;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Journeys;

/// <summary>The example bot of the SDK, as a program of its own.</summary>
public sealed class EchoBotTests(Server server)
{
    [Fact]
    public async Task Bot_WrittenTo_AnswersWithTheSameText()
    {
        string configuration = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(Repository.StandaloneAssembly)))!;
        string program = Path.Combine(Repository.Root, "clients", "dotnet", "examples", "EchoBot", "bin", configuration, "net10.0", "EchoBot.dll");
        using Process bot = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, server.Url.AbsoluteUri]) { RedirectStandardOutput = true })!;
        try
        {
            string? line = await bot.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
            string address = Regex.Match(line ?? "", "0x[0-9a-fA-F]{40}").Value;
            await using TestPerson person = await server.PersonAsync();
            Guid direct = (await person.Client.Chat.OpenDirectAsync(address)).Id;
            // What was written before its first sync is a bot's past, which it doesn't answer: so it is said again until it is here.
            for (int attempt = 0; attempt < 30 && Answer() is null; attempt++)
            {
                await person.Client.SendTextAsync(direct, "Hello, echo 🌊");
                try
                {
                    await Eventually.TrueAsync(() => Answer() is not null, "the bot answers", TimeSpan.FromSeconds(2));
                }
                catch (TimeoutException) when (!bot.HasExited)
                {
                    // Not yet.
                }
            }
            MessageView answer = Assert.IsType<MessageView>(Answer());
            Assert.Equal("Hello, echo 🌊", answer.Content!.Text);
            Assert.NotNull(answer.ReplyTo);

            MessageView? Answer() => person.Client.Find(direct)?.Messages.FirstOrDefault(message => message.Sender != person.Id);
        }
        finally
        {
            bot.Kill();
        }
    }
}
