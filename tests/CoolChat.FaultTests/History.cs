using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.FaultTests;

/// <summary>What must hold of a conversation that people wrote to while something was broken.</summary>
internal static class History
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(120);

    /// <summary>The log has what was acknowledged, and everybody has the log.</summary>
    /// <param name="conversation">Which.</param>
    /// <param name="writers">Those who wrote, finished.</param>
    /// <param name="fresh">Somebody who may read all of it and has just connected.</param>
    public static async Task VerifyAsync(Guid conversation, IReadOnlyCollection<Writer> writers, TestPerson fresh)
    {
        List<ChatEvent> log = await ReadLogAsync(fresh.Client, conversation);
        // Without holes, and the chain whole.
        Assert.Equal(Enumerable.Range(1, log.Count).Select(seq => (long)seq), log.Select(e => e.Seq));
        byte[] expected = HashChain.Genesis.ToArray();
        foreach (ChatEvent e in log)
        {
            Assert.Equal(System.Buffers.Text.Base64Url.EncodeToString(expected), e.PrevHash);
            Assert.True(HashChain.BodyMatches(e));
            expected = HashChain.HashHeader(e);
        }
        // Each command once, and where it was acknowledged to be.
        Assert.Distinct(log.Select(e => e.CommandId));
        Dictionary<Guid, long> bySeq = log.ToDictionary(e => e.CommandId, e => e.Seq);
        foreach (Acknowledged acknowledged in writers.SelectMany(writer => writer.Acknowledged).Where(one => one.ConversationId == conversation))
            Assert.Equal(acknowledged.Seq, bySeq.GetValueOrDefault(acknowledged.CommandId));
        // Nor one that its sender heard was refused.
        Assert.DoesNotContain(writers.SelectMany(writer => writer.RefusedCommands), bySeq.ContainsKey);
        foreach (Writer writer in writers)
            await VerifyClientAsync(conversation, writer, log, fresh);
    }

    private static async Task VerifyClientAsync(Guid conversation, Writer writer, List<ChatEvent> log, TestPerson fresh)
    {
        CoolChatClient client = writer.Person.Client;
        await client.SyncAsync().WaitAsync(Settle);
        await Eventually.TrueAsync(() => client.Find(conversation)?.LastSeq >= log.Count, "every client has the whole log", Settle);
        ConversationState state = client.Find(conversation)!;
        // One order for everyone: what this client saw is the tail of the log, each event once.
        // Its reader notes an event a moment after the client knows it.
        await Eventually.TrueAsync(() => writer.Received(conversation) is [.., { } last] && last.Seq >= log.Count, "every reader has the whole log", Settle);
        IReadOnlyList<ChatEvent> received = writer.Received(conversation);
        Assert.Equal(log.TakeLast(received.Count).Select(e => (e.Seq, e.CommandId)), received.Select(e => (e.Seq, e.CommandId)));
        ConversationState whole = fresh.Client.Find(conversation)!;
        Assert.Equal(whole.Messages.Select(Essence), state.Messages.Select(Essence));
        Assert.Equal(whole.Members, state.Members);
        // Unread is what the log says.
        ConversationView view = await client.Chat.GetAsync(conversation);
        long recount = state.Messages.Count(message => message.Seq > view.ReadSeq && message.Deleted is null);
        Assert.Equal((recount, recount), (view.Unread, state.Unread));
    }

    // Without what differs by viewer (which reactions are one's own).
    private static string Essence(MessageView message) => string.Join(
        '|',
        message.Seq,
        message.MessageId,
        message.Content?.Text,
        message.Deleted,
        message.Edits,
        string.Join(',', (message.Reactions ?? []).Select(reaction => $"{reaction.Key}{reaction.Count}").Order(StringComparer.Ordinal)));

    private static async Task<List<ChatEvent>> ReadLogAsync(CoolChatClient client, Guid conversation)
    {
        List<ChatEvent> log = [];
        EventPage page;
        do
        {
            page = await client.Chat.EventsAsync(conversation, after: log.Count, limit: 200);
            log.AddRange(page.Events);
        }
        while (page.HasMore);
        return log;
    }
}
