using System.CommandLine;
using CoolChat.Standalone.Commands;

// The host ends on SIGTERM and SIGINT by itself, gracefully; the command line must not cut it short.
return await RootCommands.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
