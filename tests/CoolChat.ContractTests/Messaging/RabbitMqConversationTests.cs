using CoolChat.Contracts.Internal;
using CoolChat.ContractTests.Conversations;
using CoolChat.Conversations;
using CoolChat.Engines.Mongo;
using CoolChat.Processing;
using Xunit;

namespace CoolChat.ContractTests.Messaging;

/// <summary>The suite of conversations with RabbitMQ between caller and writer, on MongoDB: as in a cluster.</summary>
public sealed class RabbitMqConversationTests(MongoDatabases databases, CommandBroker broker)
    : ConversationContract, IClassFixture<MongoDatabases>, IClassFixture<CommandBroker>
{
    protected override async Task<IConversationBackend> OpenAsync(string folder, Neighbours neighbours)
    {
        string name = Path.GetFileName(folder).ToLowerInvariant();
        KeyValuePair<string, string?>[] configuration =
            [.. await broker.ConfigurationAsync(name), new(MongoEngine.ConnectionStringKey, await databases.ConnectionStringAsync(Path.GetFileName(folder)))];
        ConversationHost processing = await ConversationHost.StartAsync(
            neighbours, builder => RabbitMqProcessing.AddRabbitMqCommands(builder.AddMongoProcessing()), configuration);
        return new Backend(processing, await ChatNode.StartAsync(configuration));
    }

    private sealed class Backend(ConversationHost processing, ChatNode chat) : IConversationBackend
    {
        public IConversationWriter Writer { get; } = new Patient(chat);

        public IConversationReader Reader => processing.Reader;

        public ILogFeed Feed => processing.Feed;

        public IMediaGrants Grants => processing.Grants;

        public async ValueTask DisposeAsync()
        {
            await chat.DisposeAsync();
            await processing.DisposeAsync();
        }
    }

    /// <summary>The queues may not be made yet when the first command comes.</summary>
    private sealed class Patient(ChatNode chat) : IConversationWriter
    {
        public async ValueTask<Result<OperationResult>> ExecuteAsync(ConversationOperation operation, CancellationToken cancellationToken) =>
            await chat.UntilTakenAsync(operation, cancellationToken);

        public Refusal? Post(ConversationOperation operation, IOutcome outcome) => chat.Writer.Post(operation, outcome);
    }
}
