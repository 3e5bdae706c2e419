using System.Collections.Immutable;

namespace CoolChat.Contracts.Internal;

/// <summary>Integration events within one process: handlers run one after the other, and the publisher sees their failures.</summary>
public sealed class InProcessIntegrationEvents : IIntegrationEvents
{
    private readonly Lock _gate = new();
    private ImmutableDictionary<Type, ImmutableArray<Delegate>> _handlers = ImmutableDictionary<Type, ImmutableArray<Delegate>>.Empty;

    public async ValueTask PublishAsync<T>(T integrationEvent, CancellationToken cancellationToken) where T : class
    {
        foreach (Delegate handler in _handlers.GetValueOrDefault(typeof(T), []))
            await ((Func<T, CancellationToken, ValueTask>)handler)(integrationEvent, cancellationToken);
    }

    public IDisposable Subscribe<T>(Func<T, CancellationToken, ValueTask> handler) where T : class
    {
        lock (_gate)
            _handlers = _handlers.SetItem(typeof(T), _handlers.GetValueOrDefault(typeof(T), []).Add(handler));
        return new Subscription(() =>
        {
            lock (_gate)
                _handlers = _handlers.SetItem(typeof(T), _handlers[typeof(T)].Remove(handler));
        });
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
