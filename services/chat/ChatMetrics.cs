using System.Diagnostics;
using System.Diagnostics.Metrics;
using CoolChat.ServiceDefaults.Telemetry;

namespace CoolChat.Chat;

/// <summary>The meter <c>CoolChat.Chat</c>. What is counted for each delivery is a field that is read when somebody collects.</summary>
internal sealed class ChatMetrics : IDisposable
{
    public const string MeterName = "CoolChat.Chat";

    private readonly Meter _meter;
    private readonly Counter<long> _submits;
    private readonly Histogram<double> _submitSeconds;
    private long _connections;
    private long _deliveries;
    private long _skipped;
    private long _resyncs;

    public ChatMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        _submits = _meter.CreateCounter<long>("coolchat.chat.submits", description: "Commands by outcome: a status or a refusal's code.");
        _submitSeconds = _meter.CreateHistogram<double>("coolchat.chat.submit.duration", "s", "From a command's arrival to its answer.", tags: null, Durations.Seconds);
        _meter.CreateObservableUpDownCounter("coolchat.chat.connections", () => Volatile.Read(ref _connections), description: "Open hub connections.");
        _meter.CreateObservableCounter("coolchat.chat.deliveries", () => Volatile.Read(ref _deliveries), description: "Frames handed to connections.");
        _meter.CreateObservableCounter("coolchat.chat.skipped", () => Volatile.Read(ref _skipped), description: "Frames dropped: the client did not read.");
        _meter.CreateObservableCounter("coolchat.chat.resyncs", () => Volatile.Read(ref _resyncs), description: "Clients told to sync.");
    }

    public long Resyncs => Volatile.Read(ref _resyncs);

    public void Connected() => Interlocked.Increment(ref _connections);

    public void Disconnected() => Interlocked.Decrement(ref _connections);

    public void Delivered() => Interlocked.Increment(ref _deliveries);

    public void Skipped() => Interlocked.Increment(ref _skipped);

    public void Resynced() => Interlocked.Increment(ref _resyncs);

    public void Submitted(string outcome, long startedAt)
    {
        _submits.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        if (_submitSeconds.Enabled)
            _submitSeconds.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();
}
