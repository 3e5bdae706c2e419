using CoolChat.Contracts.Internal;

namespace CoolChat.Standalone.Control;

/// <summary>The last step of a restore, on the copied folder: every service does its part. Never asked of a running server.</summary>
internal sealed class RestoredCommand(IEnumerable<IRestorePart> parts, TimeProvider time) : IControlCommand
{
    public const string CommandName = "restored";

    public string Name => CommandName;

    public async Task<string> RunAsync(string argument, CancellationToken cancellationToken)
    {
        List<string> done = [];
        foreach (IRestorePart part in parts)
            done.Add(await part.RestoreAsync(time.GetUtcNow(), cancellationToken));
        return string.Join(", ", done);
    }
}
