using System.Diagnostics;
using System.Globalization;
using HdrHistogram;

namespace CoolChat.Load.Measuring;

/// <summary>Latencies and counts of one run. Latency counts from when a message should have been sent, so a stall is not left out.</summary>
internal sealed class Measurement
{
    // Microseconds, up to two minutes, three significant digits.
    private const long Most = 120_000_000;

    public LongConcurrentHistogram Delivery { get; } = new(1, Most, 3);

    public LongConcurrentHistogram Answer { get; } = new(1, Most, 3);

    private long _refused;
    private string? _firstRefusal;

    public long Refused => Interlocked.Read(ref _refused);

    public string? FirstRefusal => _firstRefusal;

    public static void Record(LongConcurrentHistogram histogram, long fromTimestamp) =>
        histogram.RecordValue(Math.Clamp((long)Stopwatch.GetElapsedTime(fromTimestamp).TotalMicroseconds, 1, Most));

    public void Refuse(string record)
    {
        Interlocked.Increment(ref _refused);
        Interlocked.CompareExchange(ref _firstRefusal, record, null);
    }

    public static string Describe(LongConcurrentHistogram histogram) => string.Create(
        CultureInfo.InvariantCulture,
        $"p50 {Milliseconds(histogram, 50):0.00} ms, p99 {Milliseconds(histogram, 99):0.00} ms, p99.9 {Milliseconds(histogram, 99.9):0.00} ms");

    public static double Milliseconds(LongConcurrentHistogram histogram, double percentile) =>
        histogram.TotalCount == 0 ? 0 : histogram.GetValueAtPercentile(percentile) / 1000.0;
}

/// <summary>Result of one run at one rate.</summary>
internal sealed record RunResult
{
    public required string Target { get; init; }
    public required double Rate { get; init; }
    public required long Sent { get; init; }
    public required long Deliveries { get; init; }
    public required long ExpectedDeliveries { get; init; }
    public required double Seconds { get; init; }
    public required Measurement Measurement { get; init; }
    public required double ServerCpuMicroseconds { get; init; }
    public required double GeneratorCpuMicroseconds { get; init; }
    public required double ResidentMiB { get; init; }
    public required bool Lagged { get; init; }

    /// <summary>Microseconds a message by name of the server's threads, most first.</summary>
    public required IReadOnlyList<(string Thread, double Microseconds)> Threads { get; init; }

    public double P99 => Measurement.Milliseconds(Measurement.Delivery, 99);

    public bool Holds(double p99Limit) => !Lagged && Measurement.Refused == 0 && Deliveries >= ExpectedDeliveries * 0.999 && P99 <= p99Limit;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Target,-9} {Rate,8:0}/s  sent {Sent}, delivered {Deliveries}/{ExpectedDeliveries} ({Deliveries / Seconds:0}/s), refused {Measurement.Refused}{(Lagged ? ", LAGGED" : "")}\n"
        + $"          submit -> delivery  {Measurement.Describe(Measurement.Delivery)}\n"
        + $"          submit -> appended  {Measurement.Describe(Measurement.Answer)}\n"
        + $"          server CPU {ServerCpuMicroseconds:0.0} us a message, generator CPU {GeneratorCpuMicroseconds:0.0} us, resident {ResidentMiB:0} MiB\n"
        + $"          by thread: {string.Join(", ", Threads.Take(6).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Thread} {part.Microseconds:0.0}")))}{FirstRefusal}");

    private string FirstRefusal => Measurement.FirstRefusal is { } refusal ? "\n          first refusal: " + refusal : "";
}
