using System.CommandLine;
using CoolChat.Load;

RootCommand root = new("Measures CoolChat on this machine. Everything stays on loopback and ends by itself.")
{
    LoadCommands.Relay(),
    LoadCommands.Direct(),
    LoadCommands.Room(),
};
return await root.Parse(args).InvokeAsync();
