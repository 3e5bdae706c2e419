using CoolChat.Chat;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CoolChat.ContractTests.Messaging;

/// <summary>The chat side of the queues, wired as in the product.</summary>
internal sealed class ChatNode : IAsyncDisposable
{
    private readonly IHost _host;

    private ChatNode(IHost host) => _host = host;

    public IConversationWriter Writer => _host.Services.GetRequiredService<IConversationWriter>();

    public static async Task<ChatNode> StartAsync(params KeyValuePair<string, string?>[] configuration)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.AddRabbitMqCommands();
        IHost host = builder.Build();
        await host.StartAsync();
        return new ChatNode(host);
    }

    /// <summary>As a client does: the same operation again until it is taken.</summary>
    public async Task<Result<OperationResult>> UntilTakenAsync(ConversationOperation operation, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(90));
        while (true)
        {
            Result<OperationResult> result = await Writer.ExecuteAsync(operation, deadline.Token);
            if (result.Refusal?.Code is not (ErrorCodes.Busy or ErrorCodes.Unavailable))
                return result;
            await Task.Delay(Random.Shared.Next(20), deadline.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
