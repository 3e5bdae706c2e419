namespace CoolChat.User.SignIn;

/// <summary>Remembers used nonces as long as the process lives; see <see cref="INonceKeys.Current"/> for what that asks of the keys.</summary>
internal sealed class InMemoryUsedNonces(TimeProvider time, int capacity = InMemoryUsedNonces.DefaultCapacity) : IUsedNonces
{
    /// <summary>Some 20 MB: ten minutes of 160 sign-ins a second.</summary>
    public const int DefaultCapacity = 100_000;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, DateTimeOffset> _byExpiry = new();

    public ValueTask<NonceUse> TryUseAsync(string nonce, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            while (_byExpiry.TryPeek(out string? oldest, out DateTimeOffset expired) && expired <= now)
            {
                _byExpiry.Dequeue();
                _used.Remove(oldest);
            }
            if (_used.Contains(nonce))
                return ValueTask.FromResult(NonceUse.UsedBefore);
            if (_used.Count >= capacity)
                return ValueTask.FromResult(NonceUse.Full);
            _used.Add(nonce);
            _byExpiry.Enqueue(nonce, expiresAt);
            return ValueTask.FromResult(NonceUse.Taken);
        }
    }
}
