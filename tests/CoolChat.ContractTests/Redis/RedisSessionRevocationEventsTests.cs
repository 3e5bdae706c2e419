using CoolChat.Contracts.Internal;
using CoolChat.ContractTests.Events;
using CoolChat.Engines.Redis;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CoolChat.ContractTests.Redis;

/// <summary>The suite of integration events, with ended sessions going by Redis and the others in process.</summary>
public sealed class RedisSessionRevocationEventsTests : IntegrationEventsContract, IAsyncLifetime
{
    private readonly Backend _redis = new();
    private readonly InProcessIntegrationEvents _inner = new();

    public ValueTask InitializeAsync() => _redis.InitializeAsync();

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    protected override Task<IIntegrationEvents> OpenAsync() => _redis.OpenAsync(_inner);

    private sealed class Backend : RedisHost
    {
        public async Task<IIntegrationEvents> OpenAsync(IIntegrationEvents inner)
        {
            RedisSessionRevocations opened = new(Connect(), inner, TimeSpan.FromMinutes(20), TimeProvider.System, NullLogger<RedisSessionRevocations>.Instance);
            Closing(new Stopping(opened));
            await opened.StartAsync(Token);
            return opened;
        }
    }
}
