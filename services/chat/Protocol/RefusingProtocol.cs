using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace CoolChat.Chat.Protocol;

/// <summary>
/// SignalR answers an invocation whose arguments don't bind with an error completion, which client libraries throw, and drops the
/// connection over a frame that is no valid JSON. The wire contract says that hub calls throw for nobody: this decorator turns both, and frames
/// over the limit, into an invocation of <see cref="Target"/>, which answers <c>{ ok: false, error }</c> under the caller's invocation id.
/// Only a frame whose invocation id can't be found still ends the connection: there is nobody to answer. A message of a type that is not known is
/// answered when it has an id and skipped when it has none (SignalR would wait for its end for ever). However long a frame is, only its ends are kept.
/// </summary>
internal sealed class RefusingProtocol(IHubProtocol inner, Limits limits) : IHubProtocol
{
    /// <summary>The hub method that answers in place of the one that could not be called.</summary>
    public const string Target = "Refuse";

    private readonly ConditionalWeakTable<IInvocationBinder, OversizedFrame> _oversized = [];

    /// <summary>What SignalR may hold of one frame: more than <see cref="LargestKept"/>, so that longer ones are skipped here before it gives up.</summary>
    public static int LargestReceived(Limits limits) => limits.HubMessageBytes * 8;

    private int LargestKept => limits.HubMessageBytes * 4;

    public string Name => inner.Name;

    public int Version => inner.Version;

    public TransferFormat TransferFormat => inner.TransferFormat;

    public bool IsVersionSupported(int version) => inner.IsVersionSupported(version);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => inner.GetMessageBytes(message);

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => inner.WriteMessage(message, output);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        // SignalR has one binder a connection.
        if (_oversized.TryGetValue(binder, out OversizedFrame? begun))
            return Skip(begun, ref input, binder, out message);
        ReadOnlySequence<byte> before = input;
        try
        {
            if (!inner.TryParseMessage(ref input, binder, out message))
                return TryTakeUnparsed(before, ref input, binder, out message);
        }
        catch (Exception failure) when (failure is InvalidDataException or HubException && !input.Start.Equals(before.Start))
        {
            // The protocols cut the frame off the input before they parse it.
            if (FrameSalvage.FindInvocationId(before.Slice(0, input.Start), TransferFormat) is not { } id)
                throw;
            Refusal refusal = IsTooLarge(before, input) ? TooLarge() : new Refusal(ErrorCodes.Invalid, "The frame is not valid; nothing of it was read.");
            message = Refuse(id, refusal);
            return true;
        }
        if (message is InvocationBindingFailureMessage failed)
            message = Refuse(failed.InvocationId, BindingRefusals.Describe(failed.Target, failed.BindingFailure.SourceException));
        else if (message is HubMethodInvocationMessage invocation && IsTooLarge(before, input))
            message = Refuse(invocation.InvocationId, TooLarge());
        return true;
    }

    /// <summary>No message came out: the frame has not ended yet, or it ended and is of a type that nobody knows.</summary>
    private bool TryTakeUnparsed(
        ReadOnlySequence<byte> before, ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        message = null;
        if (input.Length < before.Length)
        {
            string? id = FrameSalvage.FindInvocationId(before.Slice(0, input.Start), TransferFormat);
            message = id is null ? PingMessage.Instance : Refuse(id, new Refusal(ErrorCodes.Invalid, "There is no such type of message."));
            return true;
        }
        if (before.Length <= LargestKept)
            return false;
        OversizedFrame frame = new(TransferFormat, before);
        _oversized.Add(binder, frame);
        return Skip(frame, ref input, binder, out message);
    }

    /// <summary>A ping stands for each piece that was dropped: it is what SignalR lets pass without doing anything.</summary>
    private bool Skip(OversizedFrame frame, ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        message = null;
        if (input.IsEmpty)
            return false;
        message = PingMessage.Instance;
        if (!frame.TryTakeEnd(ref input))
            return true;
        _oversized.Remove(binder);
        message = Refuse(frame.FindInvocationId() ?? throw new InvalidDataException("A frame over the limit has no invocation id."), TooLarge());
        return true;
    }

    private bool IsTooLarge(ReadOnlySequence<byte> before, ReadOnlySequence<byte> after) =>
        before.Length - after.Length > limits.HubMessageBytes;

    private Refusal TooLarge() => new(ErrorCodes.TooLarge, $"A hub message may have {limits.HubMessageBytes} bytes.");

    private static InvocationMessage Refuse(string? invocationId, Refusal refusal) => new(invocationId, Target, [refusal.ToWire()]);
}
