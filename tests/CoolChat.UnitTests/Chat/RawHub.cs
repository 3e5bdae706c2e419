using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using CoolChat.Contracts;
using Xunit;

namespace CoolChat.UnitTests.Chat;

/// <summary>A WebSocket that speaks the hub's JSON frames by hand, well-formed or not.</summary>
internal sealed class RawHub : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket = new();
    private readonly StringBuilder _pending = new();
    private int _nextId;

    public static async Task<RawHub> ConnectAsync(Person person)
    {
        RawHub hub = new();
        UriBuilder address = new(person.Host.Address) { Scheme = "ws", Path = "/chat/hub", Query = "access_token=" + person.Token() };
        await hub._socket.ConnectAsync(address.Uri, TestContext.Current.CancellationToken);
        await hub.SendAsync("{\"protocol\":\"json\",\"version\":1}");
        Assert.Equal("{}", await hub.ReadFrameAsync());
        return hub;
    }

    public Task SendAsync(string frame) => SendAsync(Encoding.UTF8.GetBytes(frame));

    public async Task SendAsync(byte[] frame, WebSocketMessageType type = WebSocketMessageType.Text) =>
        await _socket.SendAsync((byte[])[.. frame, 0x1e], type, true, TestContext.Current.CancellationToken);

    /// <summary>Sends an invocation whose arguments are the raw JSON and returns the result in its completion.</summary>
    public async Task<JsonElement> CallAsync(string target, string arguments)
    {
        string id = (++_nextId).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await SendAsync($$"""{"type":1,"invocationId":"{{id}}","target":"{{target}}","arguments":{{arguments}}}""");
        return await CompletionAsync(id);
    }

    public async Task<JsonElement> CompletionAsync(string id)
    {
        while (true)
        {
            JsonElement frame = JsonSerializer.Deserialize<JsonElement>(await ReadFrameAsync());
            int type = frame.GetProperty("type").GetInt32();
            Assert.False(type == 7, $"The connection was closed: {frame}");
            if (type == 3 && frame.GetProperty("invocationId").GetString() == id)
            {
                Assert.True(frame.TryGetProperty("result", out JsonElement result), $"It threw: {frame}");
                return result;
            }
        }
    }

    public async Task<string> ReadFrameAsync()
    {
        using CancellationTokenSource deadline = new(Deadline);
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            string text = _pending.ToString();
            int end = text.IndexOf('\u001e', StringComparison.Ordinal);
            if (end >= 0)
            {
                _pending.Remove(0, end + 1);
                return text[..end];
            }
            WebSocketReceiveResult received = await _socket.ReceiveAsync(new ArraySegment<byte>(buffer), deadline.Token);
            Assert.NotEqual(WebSocketMessageType.Close, received.MessageType);
            _pending.Append(Encoding.UTF8.GetString(buffer, 0, received.Count));
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    public static void AssertRefused(JsonElement result, string code, string? field = null)
    {
        Assert.False(result.GetProperty("ok").GetBoolean());
        WireError error = result.GetProperty("error").Deserialize<WireError>(CoolChatJson.Options)!;
        Assert.Equal((code, field), (error.Code, error.Field));
        Assert.NotEmpty(error.Detail);
    }
}
