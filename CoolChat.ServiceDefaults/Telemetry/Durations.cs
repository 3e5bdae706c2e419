using System.Diagnostics.Metrics;

namespace CoolChat.ServiceDefaults.Telemetry;

/// <summary>How histograms of durations are cut.</summary>
public static class Durations
{
    /// <summary>From half a millisecond to ten seconds, in seconds: the exporter's own boundaries are made for milliseconds.</summary>
    public static InstrumentAdvice<double> Seconds { get; } = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    };
}
