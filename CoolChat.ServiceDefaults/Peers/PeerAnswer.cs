using CoolChat.Contracts.Internal;

namespace CoolChat.ServiceDefaults.Peers;

/// <summary>A <see cref="Result{T}"/> on its way: a refusal is an answer as good as a value, and no failure of the call.</summary>
internal sealed record PeerAnswer<T>
{
    public T? Value { get; init; }

    public Refusal? Refusal { get; init; }

    /// <exception cref="InvalidDataException">Neither is there.</exception>
    public Result<T> ToResult() => Refusal is not null ? Refusal : Value is not null ? Value : throw new InvalidDataException("An answer without a value.");
}

internal static class PeerAnswer
{
    public static PeerAnswer<T> Of<T>(Result<T> result) => new() { Value = result.Value, Refusal = result.Refusal };
}
