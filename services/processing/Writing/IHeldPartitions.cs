namespace CoolChat.Processing.Writing;

/// <summary>Which conversations this node writes at present, where several share them. A hint: what decides is the fence of the log.</summary>
internal interface IHeldPartitions
{
    /// <summary>Partitions that this node has.</summary>
    IReadOnlyCollection<int> Held { get; }

    bool Holds(Guid conversationId);
}
