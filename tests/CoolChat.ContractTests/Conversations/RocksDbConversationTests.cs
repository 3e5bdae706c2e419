using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using CoolChat.Processing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CoolChat.ContractTests.Conversations;

/// <summary>The suite on RocksDB.</summary>
public sealed class RocksDbConversationTests : ConversationContract
{
    protected override async Task<IConversationBackend> OpenAsync(string folder, Neighbours neighbours)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([new("CoolChat:Data", folder), new("Processing:Writer:PaceMs", "0")]);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<TimeProvider>(neighbours.Time);
        builder.Services.AddSingleton<ILiveFanout>(neighbours);
        builder.Services.AddSingleton<IBlockList>(neighbours);
        builder.AddProcessing();
        IHost host = builder.Build();
        await host.StartAsync();
        return new Backend(host);
    }

    private sealed class Backend(IHost host) : IConversationBackend
    {
        public IConversationWriter Writer { get; } = host.Services.GetRequiredService<IConversationWriter>();

        public IConversationReader Reader { get; } = host.Services.GetRequiredService<IConversationReader>();

        public ILogFeed Feed { get; } = host.Services.GetRequiredService<ILogFeed>();

        public IMediaGrants Grants { get; } = host.Services.GetRequiredService<IMediaGrants>();

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync();
            host.Dispose();
        }
    }
}
