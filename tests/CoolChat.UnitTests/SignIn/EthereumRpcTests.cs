using System.Text;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;
using CoolChat.User.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace CoolChat.UnitTests.SignIn;

/// <summary>Endpoints that answer badly, slowly or not at all.</summary>
public sealed class EthereumRpcTests(RpcEndpoint endpoint) : IClassFixture<RpcEndpoint>
{
    private static readonly TestWallet Wallet = TestWallet.Numbered(31);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly int _callsBefore = endpoint.Calls;

    private int Calls => endpoint.Calls - _callsBefore;

    [Fact]
    public async Task VerifyAsync_OrdinaryWallet_AsksNobody()
    {
        Assert.True((await endpoint.Host.ProveAsync(endpoint.Host.Message(Wallet.Address), Wallet)).Ok);
        Assert.Equal(0, Calls);
    }

    [Theory]
    [InlineData(1, true, null)]
    [InlineData(0, true, SignInErrors.SignatureInvalid)]
    [InlineData(2, true, SignInErrors.SignatureInvalid)]
    [InlineData(3, true, SignInErrors.SignatureInvalid)]
    [InlineData(4, true, SignInErrors.RpcUnavailable)]
    [InlineData(1, false, SignInErrors.RpcUnavailable)]
    public async Task VerifyAsync_ProgramsAnswer_IsRead(int verdict, bool rightChain, string? code)
    {
        endpoint.Answer = context => context.Response.WriteAsync($$"""{"jsonrpc":"2.0","id":1,"result":"0x{{verdict:x64}}{{(rightChain ? 1 : 2):x64}}"}""");
        Assert.Equal(code, (await AskAsync()).Refusal?.Code);
        Assert.Equal(1, Calls);
    }

    [Fact]
    public async Task VerifyAsync_AcceptedOnEthereum_IsNotPinned()
    {
        endpoint.Answer = static context => context.Response.WriteAsync($$"""{"result":"0x{{1:x64}}{{1:x64}}"}""");
        Assert.Equal(new WalletId(Wallet.Address.ToString()), (await AskAsync()).Value);
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "<html>")]
    [InlineData(200, "[]")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"result":null}""")]
    [InlineData(200, """{"result":1}""")]
    [InlineData(200, """{"result":"0x"}""")]
    [InlineData(200, """{"result":"0x1"}""")]
    [InlineData(200, """{"result":"0xzz"}""")]
    [InlineData(200, """{"result":"01"}""")]
    [InlineData(200, """{"result":"0x01"}""")]
    [InlineData(200, """{"error":{"code":-32000,"message":"execution reverted"},"result":null}""")]
    [InlineData(200, """{"error":{}}""")]
    [InlineData(200, """{"result":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}""")]
    [InlineData(401, """{"result":"0x01"}""")]
    [InlineData(429, "")]
    [InlineData(500, "")]
    public async Task VerifyAsync_NoSuchAnswer_IsUnavailable(int status, string body)
    {
        endpoint.Answer = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        };
        AssertUnavailable(await AskAsync());
    }

    [Fact]
    public async Task VerifyAsync_Redirected_IsNotFollowed()
    {
        endpoint.Answer = static context =>
        {
            context.Response.Redirect("/elsewhere", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };
        AssertUnavailable(await AskAsync());
        Assert.Equal(1, Calls);
    }

    [Fact]
    public async Task VerifyAsync_EndlessAnswer_IsCutOff()
    {
        TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        endpoint.Answer = async context =>
        {
            byte[] some = Encoding.ASCII.GetBytes(new string(' ', 4096));
            context.RequestAborted.Register(() => gone.TrySetResult());
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.Body.WriteAsync(some);
        };
        AssertUnavailable(await AskAsync().WaitAsync(Patience));
        await gone.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task VerifyAsync_ConnectionBroken_IsUnavailable()
    {
        endpoint.Answer = static context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        AssertUnavailable(await AskAsync());
    }

    [Fact]
    public async Task VerifyAsync_NoAnswerInTime_IsUnavailable()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        endpoint.Answer = context =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        Task<Result<WalletId>> asking = AskAsync();
        await asked.Task.WaitAsync(Patience);
        endpoint.Host.Clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(asking.IsCompleted);
        endpoint.Host.Clock.Advance(TimeSpan.FromSeconds(0.2));
        AssertUnavailable(await asking.WaitAsync(Patience));
    }

    [Fact]
    public async Task VerifyAsync_ManyAtOnce_AreTurnedAwayInsteadOfQueued()
    {
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        endpoint.Answer = async context =>
        {
            if (Calls == 16)
                all.TrySetResult();
            await release.Task;
            await context.Response.WriteAsync($$"""{"result":"0x{{1:x64}}{{1:x64}}"}""");
        };
        Task<Result<WalletId>>[] asking = [.. Enumerable.Range(0, 16).Select(_ => AskAsync())];
        await all.Task.WaitAsync(Patience);
        AssertUnavailable(await AskAsync().WaitAsync(Patience));
        release.SetResult();
        Assert.All(await Task.WhenAll(asking).WaitAsync(Patience), static result => Assert.True(result.Ok));
        Assert.True((await AskAsync()).Ok);
    }

    /// <summary>With a signature that can only be a contract's.</summary>
    private Task<Result<WalletId>> AskAsync() => endpoint.Host.ProveAsync(endpoint.Host.Message(Wallet.Address).ToMessage(), new byte[66]);

    private static void AssertUnavailable(Result<WalletId> result)
    {
        Assert.Equal((SignInErrors.RpcUnavailable, 503), (result.Refusal?.Code, result.Refusal?.Status));
        Assert.DoesNotContain("127.0.0.1", result.Refusal?.Detail, StringComparison.Ordinal);
    }
}

/// <summary>An endpoint whose answers a test chooses, and a host that asks it.</summary>
public sealed class RpcEndpoint : IAsyncLifetime
{
    private readonly WebApplication _endpoint;
    private int _calls;

    public RpcEndpoint()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _endpoint = builder.Build();
        _endpoint.Run(context =>
        {
            Interlocked.Increment(ref _calls);
            return Answer(context);
        });
    }

    public SignInHost Host { get; private set; } = new();

    public int Calls => Volatile.Read(ref _calls);

    public RequestDelegate Answer { get; set; } = static _ => Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        await _endpoint.StartAsync();
        Host = await SignInHost.StartAsync("--Auth:PublicOrigins:0=" + SignInHost.Site, $"--Ethereum:Rpc:1={_endpoint.Urls.First()}/key");
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _endpoint.DisposeAsync();
    }
}
