using CoolChat.Contracts;
using CoolChat.ServiceDefaults.Identity;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace CoolChat.Chat.Realtime;

/// <summary>The wire below a connection: SignalR's, or a test's.</summary>
internal interface IFrameSink
{
    /// <summary>Completes when the transport has taken the frame; synchronously as long as the client reads.</summary>
    ValueTask WriteAsync(SerializedHubMessage frame);

    /// <summary>Bytes of the frame in the client's protocol.</summary>
    int SizeOf(SerializedHubMessage frame);

    void Abort();
}

/// <summary>
/// One client's connection and its bounded buffer. SignalR never drops for a slow client, so every frame that isn't an answer passes here: while
/// the transport takes frames they are written directly; while it doesn't they wait, up to a bound; beyond it they are dropped and the client is
/// told to Resync once it reads again. Nobody waits for it.
/// </summary>
internal sealed class ClientConnection(IFrameSink sink, Caller caller, DateTimeOffset expiresAt, ChatMetrics metrics, int mostFrames, int mostBytes)
{
    private static readonly SerializedHubMessage ResyncAll = Frames.Make(HubMethods.Resync, new ResyncNotice());

    private const int MostKnown = 256;
    private const int MostBeforeSoon = 4;

    private readonly HashSet<Guid> _known = [];
    private readonly Lock _gate = new();
    private readonly Queue<SerializedHubMessage> _waiting = new();
    private int _waitingBytes;
    private bool _writing;
    private bool _skipped;
    private volatile bool _closed;

    public Guid UserId { get; } = caller.UserId;

    /// <summary>Who is behind it, as the latest token says.</summary>
    public Caller Caller { get; private set; } = caller;

    /// <summary>When the latest token ends.</summary>
    public DateTimeOffset ExpiresAt { get; private set; } = expiresAt;

    /// <summary>Whether Closed was said or the transport ended: nothing follows.</summary>
    public bool IsClosed => _closed;

    /// <summary>Completes when the last slow submit of this client has reached the writer: keeps one client's order. Used by its reading loop only.</summary>
    public Task SubmitOrder { get; set; } = Task.CompletedTask;

    /// <summary>
    /// Whether its person was found a member before: spares the store a look-up a command. Stale answers are harmless, for the writer decides; that somebody
    /// is no member is never remembered.
    /// </summary>
    public bool Knows(Guid conversationId)
    {
        lock (_known)
            return _known.Contains(conversationId);
    }

    public void Know(Guid conversationId)
    {
        lock (_known)
        {
            if (_known.Count >= MostKnown)
                _known.Clear();
            _known.Add(conversationId);
        }
    }

    public void Renew(Caller renewed, DateTimeOffset expiresAt)
    {
        Caller = renewed;
        ExpiresAt = expiresAt;
    }

    /// <summary>Sends a frame or, when too many wait already, drops it and owes the client a Resync.</summary>
    public void Send(SerializedHubMessage frame) => Send(frame, mostBefore: int.MaxValue);

    /// <summary>Sends a frame only if hardly anything waits: for what is worthless late.</summary>
    public void SendIfSoon(SerializedHubMessage frame) => Send(frame, mostBefore: MostBeforeSoon);

    /// <summary>What was sent was not all: the client is to sync.</summary>
    public void Resync()
    {
        metrics.Resynced();
        Send(ResyncAll);
    }

    /// <summary>Ends the connection; the client may come back.</summary>
    public void Abort() => sink.Abort();

    /// <summary>The transport ended: nothing is sent any more.</summary>
    public void End()
    {
        lock (_gate)
        {
            _closed = true;
            _waiting.Clear();
        }
    }

    /// <summary>Says why, and ends the connection.</summary>
    public void Close(string code)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
        }
        _ = CloseAsync(Frames.Make(HubMethods.Closed, new ClosedNotice { Code = code }));
    }

    private async Task CloseAsync(SerializedHubMessage last)
    {
        try
        {
            // A client that doesn't read does not delay its own end.
            await sink.WriteAsync(last).AsTask().WaitAsync(TimeSpan.FromMilliseconds(500));
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException or IOException or InvalidOperationException)
        {
            metrics.Skipped();
        }
        finally
        {
            sink.Abort();
        }
    }

    private void Send(SerializedHubMessage frame, int mostBefore)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            if (_writing)
            {
                if (_waiting.Count < mostBefore)
                    Keep(frame);
                return;
            }
            ValueTask written = sink.WriteAsync(frame);
            metrics.Delivered();
            if (written.IsCompletedSuccessfully)
                return;
            _writing = true;
            _ = DrainAsync(written);
        }
    }

    private void Keep(SerializedHubMessage frame)
    {
        int size = sink.SizeOf(frame);
        if (_skipped || _waiting.Count >= mostFrames || _waitingBytes + size > mostBytes)
        {
            _skipped = true;
            metrics.Skipped();
            return;
        }
        _waiting.Enqueue(frame);
        _waitingBytes += size;
    }

    private async Task DrainAsync(ValueTask written)
    {
        try
        {
            while (true)
            {
                await written.ConfigureAwait(false);
                lock (_gate)
                {
                    if (Next() is not { } next)
                        return;
                    written = sink.WriteAsync(next);
                    metrics.Delivered();
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException or ObjectDisposedException)
        {
            // The transport is gone; SignalR ends the connection, and the registry forgets it.
            End();
        }
    }

    private SerializedHubMessage? Next()
    {
        if (_waiting.TryDequeue(out SerializedHubMessage? next))
        {
            _waitingBytes -= sink.SizeOf(next);
            return next;
        }
        if (_skipped)
        {
            _skipped = false;
            metrics.Resynced();
            return ResyncAll;
        }
        _writing = false;
        return null;
    }
}

/// <summary>The connection as SignalR has it.</summary>
internal sealed class HubFrameSink(HubConnectionContext context) : IFrameSink
{
    public ValueTask WriteAsync(SerializedHubMessage frame) => context.WriteAsync(frame);

    public int SizeOf(SerializedHubMessage frame) => frame.GetSerializedMessage(context.Protocol).Length;

    public void Abort() => context.Abort();
}

/// <summary>Server calls, serialized once a protocol however many receive them.</summary>
internal static class Frames
{
    public static SerializedHubMessage Make(string method, object argument) => new(new InvocationMessage(method, [argument]));
}
