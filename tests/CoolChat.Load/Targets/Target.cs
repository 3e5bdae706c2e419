namespace CoolChat.Load.Targets;

/// <summary>A person of the generator: how to connect, and the conversation to write to.</summary>
internal sealed record Peer(string Token, Guid ConversationId);

/// <summary>What is measured: the server or the relay.</summary>
internal interface ITarget : IAsyncDisposable
{
    string Name { get; }

    Uri Url { get; }

    int Pid { get; }

    /// <summary>People in rooms of <paramref name="roomSize"/> members, who may all write to theirs. Those of one room follow each other.</summary>
    Task<IReadOnlyList<Peer>> PrepareAsync(int people, int roomSize, CancellationToken cancellationToken);
}
