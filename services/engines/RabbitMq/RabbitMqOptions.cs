namespace CoolChat.Engines.RabbitMq;

/// <summary>How RabbitMQ is used. Where it is comes from <see cref="RabbitMqEngine.ConnectionStringKey"/>.</summary>
public sealed class RabbitMqOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Messaging:RabbitMq";

    /// <summary>What names of queues and exchanges begin with: 1 to 40 of a-z, 0-9, dot and hyphen. For deployments that share a virtual host.</summary>
    public string Prefix { get; set; } = "coolchat";

    /// <summary>Messages that a partition's queue keeps (each holds one or more commands); beyond it commands are refused as busy. Fixed when queues are made.</summary>
    public int QueueMessages { get; set; } = 100_000;

    /// <summary>Bytes that a partition's queue keeps. Fixed when queues are made.</summary>
    public long QueueBytes { get; set; } = 1L << 30;

    /// <summary>Nodes that keep a copy of each queue; fewer where there are fewer. Fixed when queues are made.</summary>
    public int QueueCopies { get; set; } = 3;

    /// <summary>Seconds after which a broker that can't be reached or doesn't answer is "away".</summary>
    public int TimeoutSeconds { get; set; } = 5;

    /// <summary>What is wrong, by its key; null when nothing is.</summary>
    internal string? Check()
    {
        if (Prefix.Length is 0 or > 40 || Prefix.Any(letter => !char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter is not ('.' or '-')))
            return Section + ":Prefix is 1 to 40 of a-z, 0-9, dot and hyphen.";
        if (QueueMessages is < 100 or > 100_000_000)
            return Section + ":QueueMessages is a number from 100 to 100000000.";
        if (QueueBytes is < 1 << 20 or > 1L << 40)
            return Section + ":QueueBytes is a number from 1048576 to 1099511627776.";
        if (QueueCopies is < 1 or > 7)
            return Section + ":QueueCopies is a number from 1 to 7.";
        return TimeoutSeconds is < 1 or > 60 ? Section + ":TimeoutSeconds is a number from 1 to 60." : null;
    }
}
