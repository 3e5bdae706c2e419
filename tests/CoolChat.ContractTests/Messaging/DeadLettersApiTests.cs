using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Engines.RabbitMq;
using CoolChat.Processing;
using CoolChat.Processing.Adapters.RabbitMq;
using CoolChat.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Xunit;

namespace CoolChat.ContractTests.Messaging;

/// <summary>What an operator does with dead letters over HTTP, on the real broker and without a writer, so that replays can be looked at in their queue.</summary>
public sealed class DeadLettersApiTests : IAsyncLifetime
{
    private const string Key = "0123456789-0123456789-0123456789";
    private const string Secret = "what somebody wrote";
    private readonly string _name = Guid.NewGuid().ToString("N");
    private readonly Guid _conversation = Guid.CreateVersion7();
    private readonly Guid _commandId = Guid.CreateVersion7();
    private readonly CommandBroker _broker = new();
    private IConnection _connection = null!;
    private IChannel _channel = null!;
    private RabbitMqEngine _engine = null!;
    private WebApplication? _app;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        KeyValuePair<string, string?>[] configuration = await _broker.ConfigurationAsync(_name);
        _engine = RabbitMqEngine.Open(new ConfigurationBuilder().AddInMemoryCollection(configuration).Build());
        _connection = await _broker.ConnectAsync();
        _channel = await _connection.CreateChannelAsync(new CreateChannelOptions(true, true), Token);
        await _engine.Queues.DeclareAsync(_channel, Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
        await _broker.DisposeAsync();
    }

    private async Task<HttpClient> StartAsync(string? configured, string? shown)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection([new("Operator:Key", configured)]);
        builder.AddInnerDefaults("processing");
        builder.Services.AddSingleton(_engine);
        builder.Services.AddSingleton<DeadLetters>();
        _app = builder.Build();
        _app.MapInnerDefaults();
        _app.MapDeadLetters();
        await _app.StartAsync(Token);
        HttpClient http = new() { BaseAddress = new Uri(_app.Urls.First()) };
        if (shown is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", shown);
        return http;
    }

    private async Task PutAsync(string reason, byte[] body, string type = OperationWire.Operations) => await _channel.BasicPublishAsync(
        _name + ".dead", "", mandatory: true,
        new BasicProperties { Type = type, Headers = new Dictionary<string, object?> { [DeadLetterBox.Reason] = reason, [DeadLetterBox.From] = "a queue", [DeadLetterBox.Decided] = true } },
        body, Token);

    private byte[] Readable() => OperationWire.Encode(9, new LogCommand
    {
        ConversationId = _conversation,
        Actor = Guid.CreateVersion7(),
        Command = new Command
        {
            CommandId = _commandId,
            ConversationId = _conversation,
            Type = CommandTypes.MessageSend,
            Content = new Content { Type = ContentTypes.Text, Text = Secret },
        },
    });

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    [Fact]
    public async Task List_TellsWhatAndWhy_NeverWhatWasWritten_AndTakesNothing()
    {
        await PutAsync("a bug of the day", Readable());
        await PutAsync("not readable", Encoding.UTF8.GetBytes("""{"n":1,"do":{"operation":"from.the.future","text":"WRITTEN"}}""".Replace("WRITTEN", Secret, StringComparison.Ordinal)));
        using HttpClient http = await StartAsync(Key, Key);
        for (int look = 0; look < 3; look++)
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri("/internal/dead-letters", UriKind.Relative), Token);
            Assert.DoesNotContain(Secret, await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
            JsonElement list = await JsonAsync(response);
            Assert.Equal(2, list.GetProperty("total").GetInt32());
            JsonElement[] letters = [.. list.GetProperty("items").EnumerateArray().OrderByDescending(letter => letter.GetProperty("replayable").GetBoolean())];
            Assert.Equal(("a bug of the day", "a queue"), (letters[0].GetProperty("reason").GetString(), letters[0].GetProperty("queue").GetString()));
            JsonElement operation = Assert.Single(letters[0].GetProperty("operations").EnumerateArray());
            Assert.Equal(
                ("message.send", _conversation, _commandId),
                (operation.GetProperty("type").GetString(), operation.GetProperty("conversationId").GetGuid(), operation.GetProperty("commandId").GetGuid()));
            Assert.False(letters[1].GetProperty("replayable").GetBoolean());
            Assert.Empty(letters[1].GetProperty("operations").EnumerateArray());
        }
        using HttpResponseMessage second = await http.GetAsync(new Uri("/internal/dead-letters?skip=1&limit=1", UriKind.Relative), Token);
        Assert.Single((await JsonAsync(second)).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Replay_PutsWhatIsNamedIntoItsPartition_AndLeavesTheRest()
    {
        await PutAsync("not readable", "{}"u8.ToArray());
        await PutAsync("another type", Readable(), "coolchat.operations.v9");
        await PutAsync("a bug of the day", Readable());
        using HttpClient http = await StartAsync(Key, Key);
        using HttpResponseMessage listed = await http.GetAsync(new Uri("/internal/dead-letters", UriKind.Relative), Token);
        string id = (await JsonAsync(listed)).GetProperty("items").EnumerateArray().Single(letter => letter.GetProperty("replayable").GetBoolean()).GetProperty("id").GetString()!;

        Assert.Equal((0, 3), await ReplayAsync(http, new { ids = new[] { "0123" } }));
        Assert.Equal((1, 2), await ReplayAsync(http, new { ids = new[] { id } }));
        Assert.Equal((0, 2), await ReplayAsync(http, new { all = true }));

        LogCommand replayed = Assert.IsType<LogCommand>(await FirstOfPartitionAsync());
        Assert.Equal((Secret, DeadLetter.Next(_commandId)), (replayed.Command.Content!.Text, replayed.Command.CommandId));
        Assert.Equal(2u, await _channel.MessageCountAsync(_engine.Queues.Dead, Token));
    }

    private async Task<ConversationOperation> FirstOfPartitionAsync()
    {
        TaskCompletionSource<byte[]> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        AsyncEventingBasicConsumer consumer = new(_channel);
        consumer.ReceivedAsync += (_, delivered) =>
        {
            first.TrySetResult(delivered.Body.ToArray());
            return Task.CompletedTask;
        };
        await _channel.BasicConsumeAsync(_engine.Queues.NameOf(ConversationIds.Partition(_conversation, 4)), autoAck: true, consumer, Token);
        Assert.True(OperationWire.TryDecode(await first.Task.WaitAsync(TimeSpan.FromSeconds(60), Token), out OperationLine? line, out _));
        return line.Do;
    }

    private static async Task<(int, int)> ReplayAsync(HttpClient http, object request)
    {
        using HttpResponseMessage response = await http.PostAsJsonAsync(new Uri("/internal/dead-letters/replay", UriKind.Relative), request, Token);
        JsonElement done = await JsonAsync(response);
        return (done.GetProperty("replayed").GetInt32(), done.GetProperty("left").GetInt32());
    }

    [Theory]
    [InlineData(Key, null, 401)]
    [InlineData(Key, "0123456789-0123456789-012345678X", 401)]
    [InlineData(Key, "", 401)]
    [InlineData(null, Key, 404)]
    [InlineData("", "", 404)]
    public async Task Call_WithoutTheKey_IsRefused_AndWithoutAnyConfiguredThereIsNothing(string? configured, string? shown, int status)
    {
        await PutAsync("a bug of the day", Readable());
        using HttpClient http = await StartAsync(configured, shown);
        using HttpResponseMessage list = await http.GetAsync(new Uri("/internal/dead-letters", UriKind.Relative), Token);
        using HttpResponseMessage replay = await http.PostAsJsonAsync(new Uri("/internal/dead-letters/replay", UriKind.Relative), new { all = true }, Token);
        Assert.Equal((status, status), ((int)list.StatusCode, (int)replay.StatusCode));
        Assert.Equal(1u, await _channel.MessageCountAsync(_engine.Queues.Dead, Token));
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=1001")]
    [InlineData("?skip=1000&limit=2147483647")]
    [InlineData("?skip=-1")]
    [InlineData("?skip=x")]
    public async Task List_OutOfBounds_IsInvalid(string query)
    {
        using HttpClient http = await StartAsync(Key, Key);
        using HttpResponseMessage response = await http.GetAsync(new Uri("/internal/dead-letters" + query, UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"ids":[]}""")]
    [InlineData("""{"ids":["a"],"all":true}""")]
    [InlineData("""{"ids":"a"}""")]
    public async Task Replay_OfNothingSaid_IsInvalid(string body)
    {
        using HttpClient http = await StartAsync(Key, Key);
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await http.PostAsync(new Uri("/internal/dead-letters/replay", UriKind.Relative), content, Token);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Start_WithAShortKey_NamesIt()
    {
        StartException failure = await Assert.ThrowsAsync<StartException>(() => StartAsync("too short", null));
        Assert.Contains("Operator:Key", failure.Message, StringComparison.Ordinal);
    }
}
