using System.Diagnostics;
using System.Globalization;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Engines.Mongo;
using CoolChat.Load.Measuring;
using CoolChat.Processing;
using CoolChat.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CoolChat.Load.Scenarios;

/// <summary>The writer on MongoDB alone: direct messages as fast as it takes them, some always under way; no broker, no clients.</summary>
internal static class WriterScenario
{
    /// <param name="conversations">Direct conversations, written to in turn.</param>
    /// <param name="underWay">Messages that wait for their outcome at any time.</param>
    /// <param name="duration">Of the run that counts.</param>
    /// <param name="settings">Configuration, Key=value.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task RunAsync(int conversations, int underWay, TimeSpan duration, IEnumerable<string> settings, CancellationToken cancellationToken)
    {
        await using EngineSet engines = new();
        string address = Environment.GetEnvironmentVariable("COOLCHAT_TEST_MONGODB") ?? (await engines.StartAsync("mongodb"))["COOLCHAT_TEST_MONGODB"];
        string database = "load_" + Guid.NewGuid().ToString("N");
        using IHost host = Build(address.Replace("/?", $"/{database}?", StringComparison.Ordinal), settings);
        await host.StartAsync(cancellationToken);
        try
        {
            await MeasureAsync(host.Services.GetRequiredService<IConversationWriter>(), conversations, underWay, duration, cancellationToken);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
            await host.Services.GetRequiredService<MongoEngine>().Client.DropDatabaseAsync(database, CancellationToken.None);
        }
    }

    private static async Task MeasureAsync(IConversationWriter writer, int conversations, int underWay, TimeSpan duration, CancellationToken cancellationToken)
    {
        (Guid Conversation, Guid Person)[] places = await Task.WhenAll(Enumerable.Range(0, conversations).Select(_ => CreateAsync(writer, cancellationToken)));
        Measurement measurement = new();
        long count = 0;
        long refused = 0;
        long began = Stopwatch.GetTimestamp();
        TimeSpan own = Process.GetCurrentProcess().TotalProcessorTime;
        await Task.WhenAll(Enumerable.Range(0, underWay).Select(async number =>
        {
            for (int i = number; Stopwatch.GetElapsedTime(began) < duration; i += underWay)
            {
                (Guid conversation, Guid person) = places[i % places.Length];
                long start = Stopwatch.GetTimestamp();
                Result<OperationResult> result = await writer.ExecuteAsync(Message(conversation, person), CancellationToken.None);
                lock (measurement)
                    Measurement.Record(measurement.Answer, start);
                Interlocked.Increment(ref result.Ok ? ref count : ref refused);
            }
        }));
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double cpu = (Process.GetCurrentProcess().TotalProcessorTime - own).TotalMicroseconds / Math.Max(1, count);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"writer    {count / seconds:0} messages/s of {conversations} conversations, {underWay} under way: {Measurement.Describe(measurement.Answer)}, {refused} refused, own CPU {cpu:0} us a message"));
    }

    private static async Task<(Guid Conversation, Guid Person)> CreateAsync(IConversationWriter writer, CancellationToken cancellationToken)
    {
        (Guid person, Guid other, Guid command) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        Result<OperationResult> created = await writer.ExecuteAsync(
            new CreateConversation
            {
                ConversationId = ConversationIds.Direct(person, other),
                Actor = person,
                CommandId = command,
                Kind = ConversationKinds.Direct,
                Members = [other],
            },
            cancellationToken);
        return created.Ok ? (created.Value.ConversationId, person) : throw new InvalidOperationException(created.Refusal.Detail);
    }

    private static LogCommand Message(Guid conversation, Guid person) => new()
    {
        ConversationId = conversation,
        Actor = person,
        Command = new Command
        {
            CommandId = Guid.CreateVersion7(),
            ConversationId = conversation,
            Type = CommandTypes.MessageSend,
            Content = new Content { Type = ContentTypes.Text, Text = new string('x', 200) },
        },
    };

    private static IHost Build(string address, IEnumerable<string> settings)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([
            new(MongoEngine.ConnectionStringKey, address),
            .. settings.Select(setting => setting.Split('=', 2)).Select(pair => new KeyValuePair<string, string?>(pair[0], pair[1])),
        ]);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<ILiveFanout, Nobody>();
        builder.Services.AddSingleton<IBlockList, Nobody>();
        builder.AddMongoProcessing();
        return builder.Build();
    }

    /// <summary>Blocks nobody, and tells nobody but who awaits.</summary>
    private sealed class Nobody : ILiveFanout, IBlockList
    {
        public void Publish(LiveBatch batch)
        {
            foreach (LiveOutcome outcome in batch.Outcomes)
                outcome.Tell();
        }

        public bool IsBlocked(Guid blocker, Guid blocked) => false;
    }
}
