using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Xunit;

namespace CoolChat.UnitTests.Chat;

public sealed class ConnectionEndingTests : IAsyncLifetime
{
    private ChatHost _host = null!;
    private Person _ann = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ChatHost.StartAsync();
        _ann = _host.Join();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Session_Revoked_ClosesItsConnectionsAndNoOthers()
    {
        await using HubClient revoked = await HubClient.ConnectAsync(_ann);
        await using HubClient other = await HubClient.ConnectAsync(_ann with { Session = Guid.CreateVersion7() });

        await _host.Events.PublishAsync(new SessionRevoked(_ann.Id, _ann.Session), TestContext.Current.CancellationToken);

        Assert.Equal("session_revoked", (await HubClient.NextAsync(revoked.ClosedNotices)).Code);
        await revoked.WaitClosedAsync();
        Assert.True((await other.CallAsync<HelloReply>(HubMethods.Hello, new HelloRequest())).Ok);
    }

    [Fact]
    public async Task Account_Deleted_ClosesAllItsConnections()
    {
        await using HubClient client = await HubClient.ConnectAsync(_ann);

        await _host.Events.PublishAsync(new AccountDeleted(_ann.Id), TestContext.Current.CancellationToken);

        Assert.Equal("session_revoked", (await HubClient.NextAsync(client.ClosedNotices)).Code);
        await client.WaitClosedAsync();
    }

    [Fact]
    public async Task Token_Expired_ClosesTheConnection()
    {
        // Within the tolerance for clocks by a second and a half: the connection opens, and ends when that is over.
        await using HubClient client = await HubClient.ConnectAsync(_ann, tokenLifetime: TimeSpan.FromSeconds(-28));

        Assert.Equal("token_expired", (await HubClient.NextAsync(client.ClosedNotices)).Code);
        await client.WaitClosedAsync();
    }

    [Fact]
    public async Task Authenticate_WithANewerToken_KeepsTheConnectionAlive()
    {
        await using HubClient client = await HubClient.ConnectAsync(_ann, tokenLifetime: TimeSpan.FromSeconds(-28));
        await using HubClient witness = await HubClient.ConnectAsync(_ann, tokenLifetime: TimeSpan.FromSeconds(-28));

        HubReply renewed = await client.CallAsync<HubReply>(HubMethods.Authenticate, _ann.Token());
        await witness.WaitClosedAsync();

        Assert.True(renewed.Ok);
        Assert.True((await client.CallAsync<HelloReply>(HubMethods.Hello, new HelloRequest())).Ok);
    }

    [Fact]
    public async Task Authenticate_WithATokenThatDoesNotServe_IsRefused()
    {
        Person eve = _host.Join();
        await using HubClient client = await HubClient.ConnectAsync(_ann);

        HubReply somebodyElse = await client.CallAsync<HubReply>(HubMethods.Authenticate, eve.Token());
        HubReply expired = await client.CallAsync<HubReply>(HubMethods.Authenticate, _ann.Token(TimeSpan.FromMinutes(-5)));
        _host.People.Revoked.TryAdd(_ann.Session, 0);
        HubReply revoked = await client.CallAsync<HubReply>(HubMethods.Authenticate, _ann.Token());

        Assert.Equal(ErrorCodes.Forbidden, somebodyElse.Error?.Code);
        Assert.Equal(ErrorCodes.Unauthenticated, expired.Error?.Code);
        Assert.Equal(ErrorCodes.Unauthenticated, revoked.Error?.Code);
    }

    [Fact]
    public async Task Connect_WithoutAValidToken_IsRefused()
    {
        _host.People.Revoked.TryAdd(_ann.Session, 0);

        await Assert.ThrowsAnyAsync<Exception>(() => HubClient.ConnectAsync(_ann));
    }

    [Fact]
    public async Task Stop_AsksClientsToComeBack()
    {
        await using HubClient client = await HubClient.ConnectAsync(_ann);
        // Its first answer says that the server knows it: a connection is open a moment before.
        await client.CallAsync<HelloReply>(HubMethods.Hello, new HelloRequest());

        Task stopped = _host.StopAsync();

        ReconnectNotice notice = await HubClient.NextAsync(client.Reconnects);
        Assert.Equal("restarting", notice.Reason);
        Assert.InRange(notice.AfterMs, 100, 5100);
        await client.WaitClosedAsync();
        await stopped.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }
}
