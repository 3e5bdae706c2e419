using Xunit;

namespace CoolChat.UnitTests.Architecture;

public sealed class BotDocumentTests
{
    /// <summary>The program itself is compiled with the solution and run by the end-to-end tests.</summary>
    [Fact]
    public void Readme_OfTheSdk_ShowsTheExampleBotAsItIs_InUnder40Lines()
    {
        string folder = Path.Combine(Repository.Root, "clients", "dotnet");
        string[] program = File.ReadAllLines(Path.Combine(folder, "examples", "EchoBot", "Program.cs"));
        string[] readme = File.ReadAllLines(Path.Combine(folder, "README.md"));
        int at = Array.IndexOf(readme, program[0]);
        Assert.True(at > 0, "README does not show the bot.");
        Assert.Equal(program, readme[at..(at + program.Length)]);
        Assert.InRange(program.Length, 1, 39);
    }
}
