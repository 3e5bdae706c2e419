using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using CoolChat.Load.Measuring;
using CoolChat.Load.Targets;
using CoolChat.Load.Wire;

namespace CoolChat.Load.Scenarios;

/// <summary>
/// An open loop: message i is due at start + i / rate whatever happened to the ones before, and its latency counts from then. Each text
/// carries its number, so that a delivery tells which message it is.
/// </summary>
internal sealed class MessageRun
{
    private const char Mark = '~';
    private static readonly TimeSpan DrainMost = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SettleMost = TimeSpan.FromSeconds(60);
    private readonly IReadOnlyList<Peer> _peers;
    private readonly ITarget _target;
    private readonly int _receivers;
    private readonly byte[][] _heads;
    private readonly byte[] _tail;
    private Measurement _measurement = new();
    private long _start;
    private double _ticksPerMessage;
    private long _base;
    private long _deliveries;
    private long _answers;

    public MessageRun(ITarget target, IReadOnlyList<Peer> peers, int receivers, int bodyBytes)
    {
        _target = target;
        _peers = peers;
        _receivers = receivers;
        _heads = [.. peers.Select(peer => Encoding.ASCII.GetBytes($"\",\"conversationId\":\"{peer.ConversationId}\",\"type\":\"message.send\",\"content\":{{\"type\":\"text\",\"text\":\"{Mark}"))];
        _tail = Encoding.ASCII.GetBytes($"{Mark}{new string('x', Math.Max(0, bodyBytes - 12))}\"}}}}]}}\u001e");
    }

    /// <summary>Handles the records of the fleet that <see cref="RunAsync"/> is given.</summary>
    public void OnRecord(WireConnection connection, ReadOnlySpan<byte> record)
    {
        if (record.StartsWith("{\"type\":3,\"invocationId\":\""u8))
            TakeAnswer(record);
        else if (record.StartsWith("{\"type\":1,\"target\":\"Appended\""u8))
            TakeDeliveries(record);
    }

    public async Task<RunResult> RunAsync(Fleet fleet, double rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        _measurement = new Measurement();
        long count = (long)(rate * duration.TotalSeconds);
        _ticksPerMessage = Stopwatch.Frequency / rate;
        (_deliveries, _answers) = (0, 0);
        TimeSpan serverBefore = ProcessUsage.Cpu(_target.Pid), selfBefore = ProcessUsage.Cpu(Environment.ProcessId);
        IReadOnlyDictionary<string, TimeSpan> threadsBefore = ProcessUsage.CpuByThread(_target.Pid);
        Volatile.Write(ref _start, Stopwatch.GetTimestamp());
        // A thread of its own: on the pool it would take a place from the tasks that read.
        (long sent, bool lagged) = await Task.Factory.StartNew(() => Send(fleet, count, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await DrainAsync(sent, DrainMost, cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        RunResult result = new()
        {
            Target = _target.Name,
            Rate = rate,
            Sent = sent,
            Deliveries = Interlocked.Read(ref _deliveries),
            ExpectedDeliveries = sent * _receivers,
            Seconds = Math.Min(seconds, duration.TotalSeconds),
            Measurement = _measurement,
            ServerCpuMicroseconds = (ProcessUsage.Cpu(_target.Pid) - serverBefore).TotalMicroseconds / Math.Max(1, sent),
            GeneratorCpuMicroseconds = (ProcessUsage.Cpu(Environment.ProcessId) - selfBefore).TotalMicroseconds / Math.Max(1, sent),
            ResidentMiB = ProcessUsage.ResidentMiB(_target.Pid),
            Lagged = lagged,
            Threads =
            [
                .. ProcessUsage.CpuByThread(_target.Pid)
                    .Select(thread => (thread.Key, (thread.Value - threadsBefore.GetValueOrDefault(thread.Key)).TotalMicroseconds / Math.Max(1, sent)))
                    .OrderByDescending(thread => thread.Item2),
            ],
        };
        // What an overloaded run has left in buffers on both sides would else be the next run's load, and its CPU the next run's.
        await DrainAsync(sent, SettleMost, cancellationToken);
        // Numbers go on, so that a straggler of this run is not taken for a message of the next.
        _base += count;
        return result;
    }

    private (long Sent, bool Lagged) Send(Fleet fleet, long count, CancellationToken cancellationToken)
    {
        byte[] frame = new byte[_heads.Max(head => head.Length) + _tail.Length + 200];
        HashSet<WireConnection> dirty = [];
        long sent = 0;
        while (sent < count && !cancellationToken.IsCancellationRequested)
        {
            long due = Math.Min(count, (long)((Stopwatch.GetTimestamp() - _start) / _ticksPerMessage) + 1);
            for (; sent < due; sent++)
            {
                int sender = (int)(sent % _peers.Count);
                WireConnection connection = fleet.Connections[sender];
                // A receiver that no longer takes anything: the target is over its limit, and holding more would only fill memory.
                if (connection.Backlog > 8 << 20 || connection.IsClosed)
                    return (sent, true);
                connection.Send(frame.AsSpan(0, Write(frame, sender, _base + sent)));
                dirty.Add(connection);
            }
            foreach (WireConnection connection in dirty)
                connection.Flush();
            dirty.Clear();
            if (sent < count)
                Thread.Sleep(1);
        }
        // It counts as the rate that was asked for only if the generator kept up with it.
        double expected = count * _ticksPerMessage / Stopwatch.Frequency;
        return (sent, Stopwatch.GetElapsedTime(_start).TotalSeconds > expected * 1.05 + 0.1);
    }

    private int Write(byte[] frame, int sender, long number)
    {
        Span<byte> rest = frame;
        Put(ref rest, "{\"type\":1,\"invocationId\":\""u8);
        Put(ref rest, number);
        Put(ref rest, "\",\"target\":\"Submit\",\"arguments\":[{\"commandId\":\""u8);
        Guid.CreateVersion7().TryFormat(rest, out int written);
        rest = rest[written..];
        Put(ref rest, _heads[sender]);
        Put(ref rest, number);
        Put(ref rest, _tail);
        return frame.Length - rest.Length;
    }

    private static void Put(ref Span<byte> rest, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }

    private static void Put(ref Span<byte> rest, long number)
    {
        number.TryFormat(rest, out int written, default, CultureInfo.InvariantCulture);
        rest = rest[written..];
    }

    private void TakeAnswer(ReadOnlySpan<byte> record)
    {
        if (!Utf8Parser.TryParse(record["{\"type\":3,\"invocationId\":\"".Length..], out long number, out _) || number < _base)
            return;
        Interlocked.Increment(ref _answers);
        if (record.IndexOf("\"ok\":true"u8) < 0)
            _measurement.Refuse(Encoding.UTF8.GetString(record));
        else if (record.IndexOf("\"appended\""u8) >= 0)
            Measurement.Record(_measurement.Answer, DueAt(number));
        else
            _measurement.Refuse("not appended within the wait: " + Encoding.UTF8.GetString(record));
    }

    private void TakeDeliveries(ReadOnlySpan<byte> record)
    {
        for (int at; (at = record.IndexOf("\"text\":\"~"u8)) >= 0;)
        {
            record = record[(at + "\"text\":\"~".Length)..];
            if (!Utf8Parser.TryParse(record, out long number, out _) || number < _base)
                continue;
            Interlocked.Increment(ref _deliveries);
            Measurement.Record(_measurement.Delivery, DueAt(number));
        }
    }

    private long DueAt(long number) => _start + (long)((number - _base) * _ticksPerMessage);

    private async Task DrainAsync(long sent, TimeSpan most, CancellationToken cancellationToken)
    {
        long from = Stopwatch.GetTimestamp();
        while ((Interlocked.Read(ref _deliveries) < sent * _receivers || Interlocked.Read(ref _answers) < sent) && Stopwatch.GetElapsedTime(from) < most)
            await Task.Delay(5, cancellationToken);
    }
}
