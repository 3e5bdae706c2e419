using CoolChat.Contracts;
using CoolChat.Processing.Decisions;
using Xunit;

namespace CoolChat.UnitTests.Architecture;

public sealed class RightsDocumentTests
{
    [Fact]
    public void ProtocolDocument_TableOfRights_IsTheTableOfTheCode()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "protocol.md"));
        int at = Array.FindIndex(lines, line => line.StartsWith("### Rights", StringComparison.Ordinal));
        string[][] table = [.. lines.Skip(at).SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Select(Cells)];
        Right[][] columns = [.. table[0].Skip(1).Select(header => header.Split(", ").Select(Enum.Parse<Right>).ToArray())];
        foreach ((string kind, string role, IReadOnlySet<Right> rights) in Rights.All.Select(entry => (entry.Kind, entry.Role, (IReadOnlySet<Right>)entry.Rights)))
        {
            string label = kind == ConversationKinds.Direct ? "direct: both" : $"group, channel: {role}";
            string[] row = Assert.Single(table, cells => cells[0] == label);
            Assert.Equal(rights.Order(), columns.Where((_, i) => row[i + 1] == "yes").SelectMany(column => column).Order());
        }
    }

    private static string[] Cells(string line) => [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];
}
