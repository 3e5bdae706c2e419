using CoolChat.Contracts;
using Xunit;

namespace CoolChat.UnitTests.Chat;

public sealed class HubTests : IAsyncLifetime
{
    private ChatHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ChatHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Submit_ToAMember_IsAppendedAndHeardByBoth(bool messagePack)
    {
        Person ann = _host.Join(), bob = _host.Join();
        ConversationView conversation = await ann.CreateAsync(ConversationKinds.Direct, bob);
        await using HubClient annsClient = await HubClient.ConnectAsync(ann, messagePack);
        await using HubClient bobsClient = await HubClient.ConnectAsync(bob, messagePack);
        HelloReply hello = await annsClient.CallAsync<HelloReply>(HubMethods.Hello, new HelloRequest { Client = "test" });
        Assert.True(hello.Ok);
        Assert.Equal(ann.Id, hello.UserId);

        Command command = Person.Say(conversation.Id, "Grüße, мир, 世界 👋🏽");
        CommandResult result = await annsClient.SubmitAsync(command);

        Assert.Equal((true, CommandResult.Appended, command.CommandId), (result.Ok, result.Status, result.CommandId));
        foreach (HubClient client in new[] { annsClient, bobsClient })
        {
            ChatEvent heard = await HubClient.NextAsync(client.Events);
            Assert.Equal((EventTypes.MessageSent, result.Seq, ann.Id), (heard.Type, heard.Seq, heard.Sender));
            Assert.Equal(command.Content!.Text, heard.Body!.As<MessageBody>().Content.Text);
        }
    }

    [Fact]
    public async Task Submit_ManyAtOnceByOneClient_KeepsTheirOrder()
    {
        Person ann = _host.Join(), bob = _host.Join();
        ConversationView conversation = await ann.CreateAsync(ConversationKinds.Direct, bob);
        MediaCommand media = new(_host.Media.Add(ann.Id, "image/png").MediaId);
        await using HubClient client = await HubClient.ConnectAsync(ann);

        // Every seventh needs a look-up, which must not let the later ones pass.
        Command[] commands = [.. Enumerable.Range(0, 150).Select(i => i % 7 == 3 ? media.Show(conversation.Id, $"{i}") : Person.Say(conversation.Id, $"{i}"))];
        CommandResult[] results = await Task.WhenAll(commands.Select(client.SubmitAsync));

        Assert.All(results, result => Assert.True(result.Ok, result.Error?.Detail));
        Assert.Equal(results.Select(r => r.Seq).Order(), results.Select(r => r.Seq));
    }

    [Fact]
    public async Task Submit_ByAStranger_IsNotFound()
    {
        Person ann = _host.Join(), bob = _host.Join(), eve = _host.Join();
        ConversationView conversation = await ann.CreateAsync(ConversationKinds.Direct, bob);
        await using HubClient client = await HubClient.ConnectAsync(eve);

        CommandResult result = await client.SubmitAsync(Person.Say(conversation.Id, "let me in"));

        Assert.Equal((false, ErrorCodes.NotFound), (result.Ok, result.Error?.Code));
    }

    private sealed record MediaCommand(Guid MediaId)
    {
        public Command Show(Guid conversationId, string text) => Person.Say(conversationId, text) with
        {
            Content = new Content { Type = ContentTypes.Image, Text = text, Attachments = [new Attachment { MediaId = MediaId }] },
        };
    }
}
