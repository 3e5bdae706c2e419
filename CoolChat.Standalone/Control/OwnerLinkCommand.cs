using CoolChat.Contracts.Internal;

namespace CoolChat.Standalone.Control;

/// <summary>Tells who can reach the data folder how to become the server's owner.</summary>
internal sealed class OwnerLinkCommand(IOwnerClaim claim) : IControlCommand
{
    public string Name => "owner-link";

    public Task<string> RunAsync(string argument, CancellationToken cancellationToken) => Task.FromResult(
        claim.Renew() ?? throw new ControlException("This server listens on no address that people can open: set Auth:PublicOrigins:0."));
}
