using System.ComponentModel.DataAnnotations;

namespace CoolChat.Processing.Adapters.RabbitMq;

/// <summary>Section <c>Processing:CommandQueue</c>.</summary>
internal sealed class CommandConsumerOptions
{
    public const string Section = "Processing:CommandQueue";

    /// <summary>Messages of a partition (1 to 256 commands each) that are under way at once.</summary>
    [Range(1, 1_000)]
    public int Prefetch { get; set; } = 32;

    /// <summary>Milliseconds between the looks at which node has which partitions; how soon a new node gets its share.</summary>
    [Range(100, 60_000)]
    public int BalanceMs { get; set; } = 2_000;

    /// <summary>Seconds that a partition's last commands may take when it is handed over.</summary>
    [Range(1, 60)]
    public int HandOverSeconds { get; set; } = 10;
}
