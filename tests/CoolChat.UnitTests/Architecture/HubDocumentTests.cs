using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using CoolChat.Contracts;
using Xunit;

namespace CoolChat.UnitTests.Architecture;

/// <summary>docs/asyncapi.yaml names exactly the hub's methods, and schemas that are there, with the fields of the types that it describes.</summary>
public sealed partial class HubDocumentTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "asyncapi.yaml"));

    [Fact]
    public void HubMethods_AllOfThem_AreMessagesOfTheDocument()
    {
        IEnumerable<string> methods = typeof(HubMethods).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
        HashSet<string> messages = [.. ChannelMessage().Matches(Text).Select(match => match.Groups[1].Value)];

        Assert.Empty(methods.Except(messages));
        Assert.Empty(messages.Except(methods).Except(["HelloReply", "SubmitReply", "Reply", "TypingCall"]));
    }

    [Fact]
    public void References_ToTheChatDocument_AreThere()
    {
        using JsonDocument chat = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "openapi", "chat.json")));
        HashSet<string> schemas = [.. chat.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name)];

        Assert.Empty(ChatSchema().Matches(Text).Select(match => match.Groups[1].Value).Except(schemas));
    }

    [Theory]
    [InlineData(typeof(HelloRequest))]
    [InlineData(typeof(HelloReply))]
    [InlineData(typeof(Limits))]
    [InlineData(typeof(RejectedNotice))]
    [InlineData(typeof(ReceiptsNotice))]
    [InlineData(typeof(TypingNotice))]
    [InlineData(typeof(PresenceNotice))]
    [InlineData(typeof(ResyncNotice))]
    [InlineData(typeof(ReconnectNotice))]
    [InlineData(typeof(ClosedNotice))]
    public void Schema_OfAHubType_HasItsFields(Type type)
    {
        string schemas = Text[Text.IndexOf("\n  schemas:\n", StringComparison.Ordinal)..];
        string schema = Regex.Match(schemas, $"^    {type.Name}:\n((?:      .*\n)+)", RegexOptions.Multiline).Groups[1].Value;
        IEnumerable<string> fields = Regex.Matches(schema, "^        (\\w+):", RegexOptions.Multiline).Select(match => match.Groups[1].Value);

        Assert.Equal(type.GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).Order(), fields.Order());
    }

    [GeneratedRegex("^      (\\w+): \\{ \\$ref: '#/components/messages/", RegexOptions.Multiline)]
    private static partial Regex ChannelMessage();

    [GeneratedRegex("chat\\.json#/components/schemas/(\\w+)")]
    private static partial Regex ChatSchema();
}
