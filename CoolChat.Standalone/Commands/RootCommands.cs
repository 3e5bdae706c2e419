using System.CommandLine;
using CoolChat.Standalone.Hosting;

namespace CoolChat.Standalone.Commands;

/// <summary>The command line: without a sub-command it runs the server; what works on a data folder besides that is a sub-command.</summary>
internal static class RootCommands
{
    /// <summary>The data folder, for every sub-command.</summary>
    public static readonly Option<string> Data = new("--data")
    {
        Description = "Folder that holds everything of this server. Created when it is not there; a relative path counts from the current directory.",
        DefaultValueFactory = _ => "data",
        Recursive = true,
    };

    private static readonly Option<string?> Urls = new("--urls")
    {
        Description = "Addresses to listen on, separated by ';'. Default: http://localhost:5080",
    };

    private static readonly Option<bool> Demo = new("--demo")
    {
        Description = "Furnish a small community and start an echo bot, so that a lone visitor has somebody to talk to.",
    };

    private static readonly Option<string[]> Set = new("--set")
    {
        Description = "A setting, like Registration:Policy=invite; can be repeated. Environment variables (Registration__Policy=invite, RateLimits__Http__PerSecond=50) do the same.",
        AllowMultipleArgumentsPerToken = false,
        Recursive = true,
    };

    public static RootCommand Create()
    {
        RootCommand root = new("CoolChat: real-time chat for people with wallets, in one process.") { Urls, Data, Demo, Set };
        root.SetAction((parsed, _) => StandaloneHost.RunAsync(OptionsOf(parsed)));
        foreach (Command command in BackupCommands.Create())
            root.Subcommands.Add(command);
        root.Subcommands.Add(RebuildCommands.Create());
        root.Subcommands.Add(OwnerCommands.Create());
        return root;
    }

    /// <summary>What the command line says, the same for the server and for sub-commands.</summary>
    internal static StandaloneOptions OptionsOf(ParseResult parsed) => new()
    {
        Urls = parsed.GetValue(Urls),
        Data = Path.GetFullPath(parsed.GetRequiredValue(Data)),
        Demo = parsed.GetValue(Demo),
        Settings = parsed.GetValue(Set) ?? [],
    };
}
