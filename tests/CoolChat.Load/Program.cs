using System.CommandLine;
using CoolChat.Load;

RootCommand root = new("Measures CoolChat on this machine. Everything stays on loopback and ends by itself.")
{
    LoadCommands.Relay(),
    LoadCommands.Direct(),
    LoadCommands.Room(),
    LoadCommands.Idle(),
    LoadCommands.Storm(),
    LoadCommands.History(),
    LoadCommands.Upload(),
    LoadCommands.Writer(),
};
return await root.Parse(args).InvokeAsync();
