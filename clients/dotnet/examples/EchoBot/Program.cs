using CoolChat.Client;
using CoolChat.Contracts;

// Answers every text with the same text: EchoBot http://localhost:5080 [private key]
if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: EchoBot <server> [private key]");
    return 1;
}
WalletKey key = args.Length > 1 ? WalletKey.FromHex(args[1]) : WalletKey.Create();
await using CoolChatClient client = await CoolChatClient.SignInAsync(new Uri(args[0]), key, new CoolChatClientOptions { ClientName = "EchoBot" });
using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
Console.WriteLine($"Write to {key.Address}. Ctrl+C ends it.");
try
{
    await foreach (ChatEvent e in client.EventsAsync(stop.Token))
    {
        if (e.Type != EventTypes.MessageSent || e.Sender == client.UserId)
            continue;
        if (e.Body?.As<MessageBody>().Content.Text is { } text)
            await client.SendTextAsync(e.ConversationId, text, replyTo: e.MessageId, stop.Token);
    }
}
catch (OperationCanceledException)
{
    // Ctrl+C.
}
return 0;
