using System.CommandLine;
using CoolChat.Conversations.Adapters.RocksDb;
using CoolChat.Standalone.Control;
using CoolChat.Standalone.Hosting;

namespace CoolChat.Standalone.Commands;

/// <summary><c>rebuild-search</c>: search and analysis are folded from the log, and can be folded anew.</summary>
internal static class RebuildCommands
{
    public static Command Create()
    {
        Command rebuild = new("rebuild-search", "Build the search index and the statistics anew from the log, while the server runs or not.");
        rebuild.SetAction((parsed, cancellation) => Terminal.RunAsync(() => RebuildAsync(RootCommands.OptionsOf(parsed), cancellation)));
        return rebuild;
    }

    private static async Task<string> RebuildAsync(StandaloneOptions options, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Path.Combine(options.Data, LogFolder.Name)))
            throw new ControlException($"{options.Data} is no data folder: name it with --data.");
        return await ControlSocket.AskAsync(options.Data, "rebuild", "", cancellationToken)
            ?? await StandaloneHost.RunCommandAsync(options, "rebuild", cancellationToken);
    }
}
