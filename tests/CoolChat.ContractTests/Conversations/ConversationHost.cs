using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CoolChat.ContractTests.Conversations;

/// <summary>A host with a writer and a reader, wired as in the product, between <see cref="Neighbours"/>.</summary>
internal sealed class ConversationHost : IConversationBackend
{
    private readonly IHost _host;

    private ConversationHost(IHost host) => _host = host;

    public IConversationWriter Writer => _host.Services.GetRequiredService<IConversationWriter>();

    public IConversationReader Reader => _host.Services.GetRequiredService<IConversationReader>();

    public ILogFeed Feed => _host.Services.GetRequiredService<ILogFeed>();

    public IMediaGrants Grants => _host.Services.GetRequiredService<IMediaGrants>();

    public IServiceProvider Services => _host.Services;

    public static async Task<ConversationHost> StartAsync(
        Neighbours neighbours, Action<IHostApplicationBuilder> add, params KeyValuePair<string, string?>[] configuration)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([.. configuration, new("Processing:Writer:PaceMs", "0")]);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<TimeProvider>(neighbours.Time);
        builder.Services.AddSingleton<ILiveFanout>(neighbours);
        builder.Services.AddSingleton<IBlockList>(neighbours);
        add(builder);
        IHost host = builder.Build();
        await host.StartAsync();
        return new ConversationHost(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
