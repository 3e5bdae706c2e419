using CoolChat.Chat;
using CoolChat.Chat.Realtime;
using CoolChat.Contracts;
using Microsoft.AspNetCore.SignalR;
using Xunit;

namespace CoolChat.UnitTests.Chat;

public sealed class ClientConnectionTests
{
    private readonly FakeSink _sink = new();
    private readonly ChatMetrics _metrics = RealtimeParts.Metrics();
    private readonly ClientConnection _connection;

    public ClientConnectionTests() => _connection = RealtimeParts.Connect(Guid.CreateVersion7(), _sink, _metrics, frames: 3, bytes: 1000);

    [Fact]
    public void Send_WhileTheClientReads_WritesAtOnce()
    {
        _connection.Send(Frame("a"));
        _connection.Send(Frame("b"));

        Assert.Equal(["a", "b"], Targets());
    }

    [Fact]
    public async Task Send_WhileItDoesNot_KeepsTheOrderAndWritesLater()
    {
        _sink.Stall();
        foreach (string name in new[] { "a", "b", "c", "d" })
            _connection.Send(Frame(name));
        Assert.Equal(["a"], Targets());

        _sink.Drain();

        await RealtimeParts.EventuallyAsync(() => _sink.Taken.Count == 4, "the rest is written");
        Assert.Equal(["a", "b", "c", "d"], Targets());
        Assert.Equal(0, _metrics.Resyncs);
    }

    [Fact]
    public async Task Send_BeyondTheBuffer_SkipsAndTellsResyncOnce()
    {
        _sink.Stall();
        for (int i = 0; i < 100; i++)
            _connection.Send(Frame($"{i}"));

        _sink.Drain();

        await RealtimeParts.EventuallyAsync(() => _sink.Taken.Count == 5, "the rest is written");
        Assert.Equal(["0", "1", "2", "3", HubMethods.Resync], Targets());
        _connection.Send(Frame("after"));
        Assert.Equal("after", Targets().Last());
        Assert.Equal(1, _metrics.Resyncs);
    }

    [Fact]
    public async Task Send_BeyondTheBytes_SkipsToo()
    {
        FakeSink sink = new();
        ClientConnection connection = RealtimeParts.Connect(Guid.CreateVersion7(), sink, _metrics, frames: 1000, bytes: 250);
        sink.Stall();
        for (int i = 0; i < 10; i++)
            connection.Send(Frame($"{i}"));

        sink.Drain();

        await RealtimeParts.EventuallyAsync(() => sink.Taken.Count == 4, "two of 100 bytes and Resync");
    }

    [Fact]
    public async Task SendIfSoon_WhileHardlyAnythingWaits_IsWrittenInTurn()
    {
        _sink.Stall();
        _connection.Send(Frame("a"));
        _connection.SendIfSoon(Frame("typing"));
        _sink.Drain();

        await RealtimeParts.EventuallyAsync(() => _sink.Taken.Count == 2, "the rest is written");
        Assert.Equal(["a", "typing"], Targets());
    }

    [Fact]
    public async Task SendIfSoon_WhileMuchWaits_IsDropped()
    {
        FakeSink sink = new();
        ClientConnection connection = RealtimeParts.Connect(Guid.CreateVersion7(), sink, _metrics, frames: 100, bytes: 100_000);
        sink.Stall();
        for (int i = 0; i < 10; i++)
            connection.Send(Frame($"{i}"));
        connection.SendIfSoon(Frame("typing"));
        sink.Drain();
        await RealtimeParts.EventuallyAsync(() => sink.Taken.Count == 10, "the rest is written");
        connection.Send(Frame("last"));

        Assert.Equal("last", FakeSink.Read(sink.Taken[10]).Target);
    }

    [Fact]
    public async Task Close_SaysWhyAndEnds_AndNothingFollows()
    {
        _connection.Close("session_revoked");
        _connection.Send(Frame("late"));

        await RealtimeParts.EventuallyAsync(() => _sink.Aborted, "the connection ends");
        Assert.Equal([HubMethods.Closed], Targets());
        Assert.True(_connection.IsClosed);
    }

    [Fact]
    public async Task Close_OfAClientThatDoesNotRead_EndsAllTheSame()
    {
        _sink.Stall();
        _connection.Close("token_expired");

        await RealtimeParts.EventuallyAsync(() => _sink.Aborted, "the connection ends");
    }

    [Fact]
    public async Task Send_WhenTheTransportFails_GivesUpQuietly()
    {
        _sink.Stall();
        _connection.Send(Frame("a"));
        _connection.Send(Frame("b"));
        _sink.Fail();

        await RealtimeParts.EventuallyAsync(() => _connection.IsClosed, "it gives up");
        _connection.Send(Frame("c"));
        Assert.Equal(["a"], Targets());
    }

    private static SerializedHubMessage Frame(string name) => Frames.Make(name, new object());

    private IEnumerable<string> Targets() => _sink.Taken.Select(frame => FakeSink.Read(frame).Target);
}
