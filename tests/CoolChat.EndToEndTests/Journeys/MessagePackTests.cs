using System.Collections.Concurrent;
using System.Text.Json;
using CoolChat.Contracts;
using CoolChat.Testing;
using Microsoft.AspNetCore.SignalR.Client;

namespace CoolChat.EndToEndTests.Journeys;

/// <summary>A client that speaks MessagePack by a bare SignalR library is told the same as one that speaks JSON.</summary>
public sealed class MessagePackTests(Server server)
{
    [Fact]
    public async Task MessagePackAndJson_OnBothEnds_SayTheSame()
    {
        await using TestPerson ann = await TestPerson.SignInAsync(server.Url);
        await using TestPerson bob = await TestPerson.SignInAsync(server.Url);
        Guid direct = await Steps.DirectAsync(ann, bob);
        await using HubConnection packed = RawHub.MessagePack(server.Url, ann.Client.Tokens.AccessToken);
        await using HubConnection plain = RawHub.Json(server.Url, bob.Client.Tokens.AccessToken);
        (ConcurrentQueue<string> packedHeard, ConcurrentQueue<string> plainHeard) = (Listen(packed), Listen(plain));
        await packed.StartAsync();
        await plain.StartAsync();

        JsonElement hello = await CallAsync(packed, HubMethods.Hello, new HelloRequest { Client = "packed", Version = "1", Features = [] });
        Assert.Equal(ann.Id, hello.GetProperty("userId").GetGuid());
        Assert.Equal(16 * 1024, hello.GetProperty("limits").GetProperty("textBytes").GetInt32());
        Assert.True((await CallAsync(plain, HubMethods.Hello, new HelloRequest())).GetProperty("ok").GetBoolean());

        Command command = Steps.Text(direct, "packed 👋 שלום") with { Mentions = new Mentions { Users = [bob.Id] } };
        JsonElement sent = await CallAsync(packed, HubMethods.Submit, command);
        Assert.Equal(("appended", command.CommandId), (sent.GetProperty("status").GetString(), sent.GetProperty("commandId").GetGuid()));
        long seq = sent.GetProperty("seq").GetInt64();
        JsonElement again = await CallAsync(packed, HubMethods.Submit, command);
        Assert.Equal(seq, again.GetProperty("seq").GetInt64());
        await CallAsync(plain, HubMethods.Submit, Steps.Text(direct, "plain"));
        await CallAsync(packed, HubMethods.MarkRead, direct, seq + 1);

        // Both heard the same events, whose hashes hold on either wire.
        await Eventually.TrueAsync(() => packedHeard.Count >= 2 && plainHeard.Count >= 2, "both hear both messages");
        Assert.Equal(plainHeard.Take(2), packedHeard.Take(2));
        Assert.All(packedHeard, e => Assert.True(HashChain.BodyMatches(JsonSerializer.Deserialize<ChatEvent>(e, CoolChatJson.Options)!)));
        Assert.Equal(0, (await ann.Client.Chat.GetAsync(direct)).Unread);

        Assert.False((await CallAsync(packed, HubMethods.Authenticate, bob.Client.Tokens.AccessToken)).GetProperty("ok").GetBoolean());
        Assert.True((await CallAsync(packed, HubMethods.Authenticate, ann.Client.Tokens.AccessToken)).GetProperty("ok").GetBoolean());
        Assert.True((await CallAsync(packed, HubMethods.Typing, direct)).GetProperty("ok").GetBoolean());
        Assert.True((await CallAsync(packed, HubMethods.WatchPresence, (object)new[] { bob.Id })).GetProperty("ok").GetBoolean());
        Assert.True((await CallAsync(packed, HubMethods.MarkDelivered, direct, seq)).GetProperty("ok").GetBoolean());
    }

    /// <summary>The events in the canonical form of their JSON.</summary>
    private static ConcurrentQueue<string> Listen(HubConnection hub)
    {
        ConcurrentQueue<string> heard = [];
        hub.On<JsonElement>(HubMethods.Appended, events =>
        {
            foreach (JsonElement e in events.EnumerateArray())
                heard.Enqueue(System.Text.Encoding.UTF8.GetString(CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(e))));
        });
        return heard;
    }

    private static Task<JsonElement> CallAsync(HubConnection hub, string method, params object[] arguments) =>
        hub.InvokeCoreAsync<JsonElement>(method, [.. arguments.Select(argument => (object)JsonSerializer.SerializeToElement(argument, argument.GetType(), CoolChatJson.Options))]);
}
