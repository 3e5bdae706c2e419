using System.Globalization;
using CoolChat.Contracts.Internal;

namespace CoolChat.Standalone.Control;

/// <summary>Folds search and analysis anew from the log. On a running server they know less until it is done; nothing else notices.</summary>
internal sealed class RebuildCommand(IEnumerable<IRebuildable> projections) : IControlCommand
{
    public string Name => "rebuild";

    public async Task<string> RunAsync(string argument, CancellationToken cancellationToken)
    {
        List<string> done = [];
        foreach (IRebuildable projection in projections)
        {
            long events = await projection.RebuildAsync(null, cancellationToken);
            done.Add(string.Create(CultureInfo.InvariantCulture, $"{projection.Name} ({events} events)"));
        }

        return $"Rebuilt from the log: {string.Join(", ", done)}.";
    }
}
