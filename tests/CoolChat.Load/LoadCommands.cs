using System.CommandLine;
using System.Globalization;
using CoolChat.Load.Measuring;
using CoolChat.Load.Relay;
using CoolChat.Load.Scenarios;
using CoolChat.Load.Targets;

namespace CoolChat.Load;

/// <summary>The command line.</summary>
internal static class LoadCommands
{
    private static readonly Option<bool> Baseline = new("--baseline") { Description = "Measure a bare SignalR relay in the same call, for the ratio." };
    private static readonly Option<bool> BaselineOnly = new("--baseline-only") { Description = "Measure only the relay." };
    private static readonly Option<double> Rate = new("--rate") { Description = "Messages a second; left out: look for the highest rate carried." };
    private static readonly Option<double> FirstRate = new("--first-rate") { Description = "Where the search begins.", DefaultValueFactory = _ => 5000 };
    private static readonly Option<int> Seconds = new("--seconds") { Description = "Length of a run.", DefaultValueFactory = _ => 8 };
    private static readonly Option<int> Warmup = new("--warmup") { Description = "Seconds before anything counts.", DefaultValueFactory = _ => 5 };
    private static readonly Option<int> Body = new("--body") { Description = "Bytes of a message's text.", DefaultValueFactory = _ => 200 };
    private static readonly Option<double> P99 = new("--p99") { Description = "Milliseconds of p99 submit to delivery that still count as carried.", DefaultValueFactory = _ => 100 };

    public static Command Relay()
    {
        Option<int> port = new("--port") { Required = true };
        Command command = new("relay", "Runs the baseline: a bare SignalR relay. The other commands start it themselves.") { port };
        command.SetAction((arguments, cancellationToken) => RelayServer.RunAsync(arguments.GetValue(port), cancellationToken));
        return command;
    }

    public static Command Direct()
    {
        Option<int> people = new("--people") { Description = "Connections; each writes to one other.", DefaultValueFactory = _ => 200 };
        Command command = new("direct", "Direct conversations: everybody writes to one other person.") { people, Baseline, BaselineOnly, Rate, FirstRate, Seconds, Warmup, Body, P99 };
        command.SetAction((arguments, cancellationToken) => CompareAsync(
            arguments, Settings(arguments, arguments.GetValue(people), 2, 0, arguments.GetValue(FirstRate)), cancellationToken));
        return command;
    }

    public static Command Room()
    {
        Option<int> members = new("--members") { Description = "Members of the room, all connected.", DefaultValueFactory = _ => 1000 };
        Option<int> writers = new("--writers") { Description = "How many of them write.", DefaultValueFactory = _ => 10 };
        Command command = new("room", "One room of many: a few write, all others get every message.") { members, writers, Baseline, BaselineOnly, Rate, Seconds, Warmup, Body, P99 };
        command.SetAction((arguments, cancellationToken) => CompareAsync(
            arguments, Settings(arguments, arguments.GetValue(members), arguments.GetValue(members), arguments.GetValue(writers), 10), cancellationToken));
        return command;
    }

    public static Command Idle()
    {
        Option<int> people = new("--people") { Description = "Connections.", DefaultValueFactory = _ => 2000 };
        Command command = new("idle", "Connections that only listen: memory and CPU.") { people, Seconds };
        command.SetAction((arguments, cancellationToken) => OnServerAsync(
            target => ConnectionScenario.IdleAsync(target, arguments.GetValue(people), TimeSpan.FromSeconds(arguments.GetValue(Seconds)), cancellationToken)));
        return command;
    }

    public static Command Storm()
    {
        Option<int> people = new("--people") { Description = "Connections.", DefaultValueFactory = _ => 2000 };
        Command command = new("storm", "The server is killed; everybody reconnects and syncs at once.") { people };
        command.SetAction((arguments, cancellationToken) => OnServerAsync(target => ConnectionScenario.StormAsync(target, arguments.GetValue(people), cancellationToken)));
        return command;
    }

    public static Command History()
    {
        Option<int> messages = new("--messages") { Description = "Length of the log.", DefaultValueFactory = _ => 1_000_000 };
        Option<double> rate = new("--fill-rate") { Description = "Messages a second while it is filled.", DefaultValueFactory = _ => 20_000 };
        Command command = new("history", "Pages anywhere in a long log.") { messages, rate };
        command.SetAction((arguments, cancellationToken) => OnServerAsync(
            target => StoreScenario.HistoryAsync(target, arguments.GetValue(messages), arguments.GetValue(rate), cancellationToken)));
        return command;
    }

    public static Command Upload()
    {
        Option<int> people = new("--people") { Description = "People who upload at once.", DefaultValueFactory = _ => 4 };
        Option<int> size = new("--mib") { Description = "MiB each.", DefaultValueFactory = _ => 32 };
        Command command = new("upload", "Uploads in parallel parts, then downloads.") { people, size };
        command.SetAction((arguments, cancellationToken) => OnServerAsync(
            target => StoreScenario.UploadAsync(target, arguments.GetValue(people), Math.Clamp(arguments.GetValue(size), 1, 64), cancellationToken)));
        return command;
    }

    public static Command Writer()
    {
        Option<int> conversations = new("--conversations") { Description = "Direct conversations.", DefaultValueFactory = _ => 2000 };
        Option<int> underWay = new("--under-way") { Description = "Messages that wait for their outcome at any time.", DefaultValueFactory = _ => 2000 };
        Option<string[]> settings = new("--set") { Description = "Configuration as Key=value.", DefaultValueFactory = _ => [] };
        Command command = new("writer", "The writer on MongoDB alone (COOLCHAT_TEST_MONGODB, or the tests' engine).") { conversations, underWay, Seconds, settings };
        command.SetAction((arguments, cancellationToken) => WriterScenario.RunAsync(
            arguments.GetValue(conversations), arguments.GetValue(underWay), TimeSpan.FromSeconds(Math.Clamp(arguments.GetValue(Seconds), 1, 600)),
            arguments.GetValue(settings)!, cancellationToken));
        return command;
    }

    private static async Task<int> OnServerAsync(Func<StandaloneTarget, Task> measure)
    {
        await using StandaloneTarget target = await StandaloneTarget.StartAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"started   resident {ProcessUsage.ResidentMiB(target.Pid):0} MiB"));
        await measure(target);
        return 0;
    }

    private static MessageSettings Settings(ParseResult arguments, int people, int roomSize, int writers, double firstRate) => new()
    {
        People = people,
        RoomSize = roomSize,
        Writers = writers,
        Rate = arguments.GetValue(Rate),
        FirstRate = firstRate,
        Duration = TimeSpan.FromSeconds(Math.Clamp(arguments.GetValue(Seconds), 1, 600)),
        Warmup = TimeSpan.FromSeconds(Math.Clamp(arguments.GetValue(Warmup), 1, 600)),
        BodyBytes = Math.Clamp(arguments.GetValue(Body), 16, 16_000),
        P99Limit = arguments.GetValue(P99),
    };

    private static async Task<int> CompareAsync(ParseResult arguments, MessageSettings settings, CancellationToken cancellationToken)
    {
        RunResult? relay = null;
        if (arguments.GetValue(Baseline) || arguments.GetValue(BaselineOnly))
        {
            await using RelayTarget target = await RelayTarget.StartAsync();
            relay = await MessageScenario.RunAsync(target, settings, cancellationToken);
        }
        if (arguments.GetValue(BaselineOnly))
            return 0;
        RunResult? server;
        await using (StandaloneTarget target = await StandaloneTarget.StartAsync())
        {
            server = await MessageScenario.RunAsync(target, settings, cancellationToken);
            if (server?.Measurement.Refused > 0)
                Console.WriteLine("          the server's last lines:\n" + string.Join('\n', target.Process.Output.Split('\n').TakeLast(5)));
        }
        if (relay is not null && server is not null)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"ratio:    rate {server.Rate / relay.Rate:0.00} of the relay, server CPU a message {server.ServerCpuMicroseconds / relay.ServerCpuMicroseconds:0.00} times the relay's"));
        }
        return server is null ? 1 : 0;
    }
}
