namespace CoolChat.Engines.Mongo;

/// <summary>How MongoDB is used. Where it is comes from <see cref="MongoEngine.ConnectionStringKey"/>.</summary>
public sealed class MongoOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Storage:Mongo";

    /// <summary>
    /// Partitions of the log: 1 to 64. Fixed when the database is created; a later value that differs is refused at start.
    /// </summary>
    public int Partitions { get; set; } = 16;

    /// <summary>Seconds after which a server that can't be reached or doesn't answer is "away": the caller hears unavailable.</summary>
    public int TimeoutSeconds { get; set; } = 5;
}
