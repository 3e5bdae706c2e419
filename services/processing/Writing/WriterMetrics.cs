using System.Diagnostics.Metrics;
using CoolChat.ServiceDefaults.Telemetry;

namespace CoolChat.Processing.Writing;

/// <summary>Meter <c>CoolChat.Processing</c>: coolchat.writer.operations, .batch (operations a commit), .duration (seconds a commit).</summary>
internal sealed class WriterMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _operations;
    private readonly Histogram<int> _batch;
    private readonly Histogram<double> _duration;

    public WriterMetrics(IMeterFactory factory)
    {
        _meter = factory.Create("CoolChat.Processing");
        _operations = _meter.CreateCounter<long>("coolchat.writer.operations", "{operation}", "Operations processed by the conversation writer.");
        _batch = _meter.CreateHistogram<int>("coolchat.writer.batch", "{operation}", "Operations in one commit.");
        _duration = _meter.CreateHistogram<double>("coolchat.writer.duration", "s", "Time from taking a batch to its answers.", tags: null, Durations.Seconds);
    }

    public void Committed(int operations, TimeSpan duration)
    {
        _operations.Add(operations);
        _batch.Record(operations);
        _duration.Record(duration.TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();
}
