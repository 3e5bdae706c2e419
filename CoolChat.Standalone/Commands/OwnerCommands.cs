using System.CommandLine;
using CoolChat.Standalone.Control;

namespace CoolChat.Standalone.Commands;

/// <summary><c>owner-link</c>: for a server whose owner can't come in any more.</summary>
internal static class OwnerCommands
{
    public static Command Create()
    {
        Command link = new("owner-link", "Print a link that makes whoever signs in there an owner: for when the owner's wallet is lost. The server must be running.");
        link.SetAction((parsed, cancellation) => Terminal.RunAsync(() => AskAsync(RootCommands.OptionsOf(parsed).Data, cancellation)));
        return link;
    }

    private static async Task<string> AskAsync(string data, CancellationToken cancellationToken) =>
        await ControlSocket.AskAsync(data, "owner-link", "", cancellationToken)
            ?? throw new ControlException($"No server runs on {data}: start it, or name its folder with --data.");
}
