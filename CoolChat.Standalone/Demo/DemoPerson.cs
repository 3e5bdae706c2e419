using CoolChat.Client;
using CoolChat.Contracts;

namespace CoolChat.Standalone.Demo;

/// <summary>Somebody of the demo, signed in. Each thing that they do has a name of its own, which makes its commandId.</summary>
internal sealed class DemoPerson(CoolChatClient client, DemoSeed seed, string name) : IAsyncDisposable
{
    public CoolChatClient Client => client;

    public string Id => client.UserId.ToString();

    public static async Task<DemoPerson> SignInAsync(Uri server, DemoSeed seed, string name, string bio, CancellationToken cancellationToken)
    {
        CoolChatClient client = await CoolChatClient.SignInAsync(server, seed.Wallet(name), new CoolChatClientOptions { ClientName = "CoolChat demo" }, cancellationToken);
        await client.People.UpdateMeAsync(new ProfileChanges { DisplayName = name, Bio = bio }, cancellationToken);
        return new DemoPerson(client, seed, name);
    }

    public Task<ConversationView> CreateAsync(string kind, string title, string topic, IReadOnlyList<DemoPerson> members, CancellationToken cancellationToken) =>
        client.Chat.CreateAsync(
            new CreateConversationRequest
            {
                CommandId = seed.Id($"{name} creates {title}"),
                Kind = kind,
                Title = title,
                Topic = topic,
                Members = [.. members.Select(member => member.Id)],
            },
            cancellationToken);

    public Task<Guid> SayAsync(Guid conversation, string text, CancellationToken cancellationToken, Guid? replyTo = null) =>
        SendAsync(conversation, text, new Content { Type = ContentTypes.Text, Text = text }, replyTo, cancellationToken);

    public Task<Guid> AskAsync(Guid conversation, string question, IReadOnlyList<string> options, CancellationToken cancellationToken) =>
        SendAsync(conversation, question, new Content { Type = ContentTypes.Poll, Poll = new Poll { Question = question, Options = options } }, null, cancellationToken);

    public Task ReactAsync(Guid conversation, Guid message, string emoji, CancellationToken cancellationToken) => client.Chat.SubmitAsync(
        new Command
        {
            CommandId = seed.Id($"{name} reacts {emoji} to {message}"),
            ConversationId = conversation,
            Type = CommandTypes.ReactionAdd,
            MessageId = message,
            Key = emoji,
        },
        cancellationToken);

    public Task VoteAsync(Guid conversation, Guid poll, int option, CancellationToken cancellationToken) => client.Chat.SubmitAsync(
        new Command
        {
            CommandId = seed.Id($"{name} votes on {poll}"),
            ConversationId = conversation,
            Type = CommandTypes.PollVote,
            MessageId = poll,
            Options = [option],
        },
        cancellationToken);

    /// <summary>Signs out, so that starts of the demo leave no sessions behind; that also ends the client.</summary>
    public ValueTask DisposeAsync() => new(client.SignOutAsync());

    private async Task<Guid> SendAsync(Guid conversation, string label, Content content, Guid? replyTo, CancellationToken cancellationToken)
    {
        Guid id = seed.Id($"{name} says in {conversation}: {label}");
        await client.Chat.SubmitAsync(
            new Command { CommandId = id, ConversationId = conversation, Type = CommandTypes.MessageSend, Content = content, ReplyTo = replyTo },
            cancellationToken);
        return id;
    }
}
