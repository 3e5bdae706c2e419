using CoolChat.Client;
using CoolChat.Contracts;

namespace CoolChat.Standalone.Demo;

/// <summary>
/// <c>--demo</c>: a few people with something to read, and a bot that answers, so that a lone visitor has somebody to talk to. All of it is
/// made through the SDK, as anybody could.
/// </summary>
internal sealed partial class DemoCommunity : IAsyncDisposable
{
    public const string BotName = "Echo";
    private const string BotBio = "A bot: whatever you write to me, I write back.";

    private readonly CoolChatClient _bot;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _echo;

    private DemoCommunity(CoolChatClient bot, ILogger logger)
    {
        _bot = bot;
        _echo = EchoAsync(logger);
    }

    public string BotAddress { get; private init; } = "";

    /// <summary>Furnishes the community unless that was done, and starts the bot.</summary>
    public static async Task<DemoCommunity> StartAsync(Uri server, string data, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        DemoSeed seed = DemoSeed.Open(data, time);
        DemoPerson bot = await DemoPerson.SignInAsync(server, seed, BotName, BotBio, cancellationToken);
        if (!seed.IsFurnished)
        {
            await FurnishAsync(server, seed, bot, cancellationToken);
            seed.MarkFurnished();
        }
        return new DemoCommunity(bot.Client, logger) { BotAddress = seed.Wallet(BotName).Address };
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _echo;
        await _bot.DisposeAsync();
        _stop.Dispose();
    }

    private static async Task FurnishAsync(Uri server, DemoSeed seed, DemoPerson bot, CancellationToken cancellationToken)
    {
        await using DemoPerson robin = await DemoPerson.SignInAsync(server, seed, "Robin", "Keeps the lights on.", cancellationToken);
        await using DemoPerson sasha = await DemoPerson.SignInAsync(server, seed, "Sasha", "Draws things, mostly maps.", cancellationToken);
        await using DemoPerson kim = await DemoPerson.SignInAsync(server, seed, "Kim", "Here for the bread recipes.", cancellationToken);
        await FurnishLobbyAsync(robin, sasha, kim, bot, cancellationToken);
        await FurnishGroupAsync(robin, sasha, kim, cancellationToken);
        ConversationView direct = await sasha.Client.Chat.OpenDirectAsync(kim.Id, cancellationToken);
        await sasha.SayAsync(direct.Id, "The starter is alive again, I fed it twice.", cancellationToken);
        Guid answer = await kim.SayAsync(direct.Id, "Then Sunday it is. I bring the flour.", cancellationToken);
        await sasha.ReactAsync(direct.Id, answer, "🍞", cancellationToken);
    }

    private static async Task FurnishLobbyAsync(DemoPerson robin, DemoPerson sasha, DemoPerson kim, DemoPerson bot, CancellationToken cancellationToken)
    {
        Guid lobby = (await robin.CreateAsync(
            ConversationKinds.Channel, "Lobby", "Say hello; everybody starts here.", [sasha, kim, bot], cancellationToken)).Id;
        Guid welcome = await robin.SayAsync(lobby, $"Welcome! This is a demo: look around, break things. {BotName} answers whatever you write to it directly.", cancellationToken);
        await sasha.ReactAsync(lobby, welcome, "👋", cancellationToken);
        await kim.ReactAsync(lobby, welcome, "👋", cancellationToken);
        await kim.ReactAsync(lobby, welcome, "❤️", cancellationToken);
        Guid question = await sasha.SayAsync(lobby, "Does anybody know how to search only in this channel?", cancellationToken);
        await robin.SayAsync(lobby, "Write in:Lobby before the words. from: and has: work as well.", cancellationToken, replyTo: question);
        Guid poll = await kim.AskAsync(lobby, "When do we meet next?", ["Thursday evening", "Saturday morning", "Sunday, with bread"], cancellationToken);
        await robin.VoteAsync(lobby, poll, 0, cancellationToken);
        await sasha.VoteAsync(lobby, poll, 2, cancellationToken);
        await kim.VoteAsync(lobby, poll, 2, cancellationToken);
    }

    private static async Task FurnishGroupAsync(DemoPerson robin, DemoPerson sasha, DemoPerson kim, CancellationToken cancellationToken)
    {
        Guid group = (await sasha.CreateAsync(ConversationKinds.Group, "Map of the town", "Walks, sketches and what we found.", [robin, kim], cancellationToken)).Id;
        await sasha.SayAsync(group, "I redrew the river bank. The old bridge is in now.", cancellationToken);
        Guid reply = await robin.SayAsync(group, "Lovely. The mill is one street further east, I think.", cancellationToken);
        await sasha.SayAsync(group, "You are right, I counted the alley twice.", cancellationToken, replyTo: reply);
        await kim.ReactAsync(group, reply, "🗺️", cancellationToken);
    }

    /// <summary>Answers in direct conversations; in the channel it only listens.</summary>
    private async Task EchoAsync(ILogger logger)
    {
        try
        {
            await foreach (ChatEvent e in _bot.EventsAsync(_stop.Token))
            {
                if (e.Type != EventTypes.MessageSent || e.Sender == _bot.UserId || e.Body?.As<MessageBody>().Content.Text is not { } text)
                    continue;
                if (_bot.Find(e.ConversationId)?.Kind == ConversationKinds.Direct)
                    await AnswerAsync(e, text, logger);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
        catch (CoolChatException failure)
        {
            LogEnded(logger, failure.Code, failure);
        }
    }

    /// <summary>A refusal (blocked, deleted meanwhile) is no reason to be silent towards everybody else.</summary>
    private async Task AnswerAsync(ChatEvent e, string text, ILogger logger)
    {
        try
        {
            await _bot.MarkReadAsync(e.ConversationId, e.Seq, _stop.Token);
            await _bot.SendTextAsync(e.ConversationId, text, replyTo: e.MessageId, _stop.Token);
        }
        catch (CoolChatException failure)
        {
            LogRefused(logger, failure.Code);
        }
    }

    [LoggerMessage(300, LogLevel.Warning, "The demo's bot ended: {Code}")]
    private static partial void LogEnded(ILogger logger, string code, Exception failure);

    [LoggerMessage(301, LogLevel.Information, "The demo's bot could not answer: {Code}")]
    private static partial void LogRefused(ILogger logger, string code);
}
