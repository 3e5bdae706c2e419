using CoolChat.Chat;
using CoolChat.Chat.Realtime;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace CoolChat.UnitTests.Chat;

/// <summary>A transport that takes frames at once, or only when the test lets it.</summary>
internal sealed class FakeSink : IFrameSink
{
    private readonly Lock _gate = new();
    private readonly List<SerializedHubMessage> _taken = [];
    private TaskCompletionSource? _stalled;

    public bool Aborted { get; private set; }

    /// <summary>Names of the server calls that were written, in order.</summary>
    public IReadOnlyList<SerializedHubMessage> Taken
    {
        get
        {
            lock (_gate)
                return [.. _taken];
        }
    }

    public void Stall()
    {
        lock (_gate)
            _stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Drain()
    {
        TaskCompletionSource? stalled;
        lock (_gate)
            (stalled, _stalled) = (_stalled, null);
        stalled?.SetResult();
    }

    public void Fail()
    {
        lock (_gate)
            _stalled?.SetException(new IOException("gone"));
    }

    public ValueTask WriteAsync(SerializedHubMessage frame)
    {
        lock (_gate)
        {
            _taken.Add(frame);
            return _stalled is null ? ValueTask.CompletedTask : new ValueTask(_stalled.Task);
        }
    }

    public int SizeOf(SerializedHubMessage frame) => 100;

    public void Abort() => Aborted = true;

    public static InvocationMessage Read(SerializedHubMessage frame) => (InvocationMessage)frame.Message!;
}

internal static class RealtimeParts
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public static ChatMetrics Metrics() => new(Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());

    public static ClientConnection Connect(Guid user, FakeSink sink, ChatMetrics metrics, int frames = 4, int bytes = 1000) => new(
        sink, new Caller(user, "0x", Guid.CreateVersion7(), null), DateTimeOffset.MaxValue, metrics, frames, bytes);

    public static ChatEvent Event(Guid conversation, long seq, string text = "x") => new()
    {
        ConversationId = conversation,
        Epoch = Guid.Empty,
        Seq = seq,
        Type = EventTypes.MessageSent,
        At = DateTimeOffset.UnixEpoch,
        Sender = Guid.Empty,
        CommandId = Guid.CreateVersion7(),
        PrevHash = "",
        BodyHash = "",
        Body = JsonBody.From(new { text }),
    };

    public static LiveEvent Live(Guid conversation, long seq, Guid[]? joined = null, Guid[]? left = null) =>
        new(Event(conversation, seq), ConversationKinds.Group, joined ?? [], left ?? []);

    public static async Task EventuallyAsync(Func<bool> condition, string what)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            if (deadline.IsCancellationRequested)
                throw new TimeoutException(what);
            await Task.Delay(5);
        }
    }
}

/// <summary>Memberships whose reading the test holds back.</summary>
internal sealed class HeldMemberships
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<IReadOnlyList<Guid>>? _held;

    public List<Guid> Now { get; set; } = [];

    public int Reads { get; private set; }

    public void Hold()
    {
        lock (_gate)
            _held = new TaskCompletionSource<IReadOnlyList<Guid>>(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Answer(params Guid[] ids)
    {
        TaskCompletionSource<IReadOnlyList<Guid>>? held;
        lock (_gate)
            (held, _held) = (_held, null);
        held!.SetResult(ids);
    }

    public void Fail()
    {
        TaskCompletionSource<IReadOnlyList<Guid>>? held;
        lock (_gate)
            (held, _held) = (_held, null);
        held!.SetException(new IOException("the store is away"));
    }

    public ValueTask<IReadOnlyList<Guid>> ListAsync(Guid userId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Reads++;
            return _held is null ? new([.. Now]) : new(_held.Task);
        }
    }
}
