using System.Buffers;
using System.Diagnostics.CodeAnalysis;
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
/// Only a frame whose invocation id can't be found still ends the connection: there is nobody to answer.
/// </summary>
internal sealed class RefusingProtocol(IHubProtocol inner, Limits limits) : IHubProtocol
{
    /// <summary>The hub method that answers in place of the one that could not be called.</summary>
    public const string Target = "Refuse";

    /// <summary>Frames over the limit are answered up to here; beyond it SignalR ends the connection while reading.</summary>
    public static int LargestAnswered(Limits limits) => limits.HubMessageBytes * 8;

    public string Name => inner.Name;

    public int Version => inner.Version;

    public TransferFormat TransferFormat => inner.TransferFormat;

    public bool IsVersionSupported(int version) => inner.IsVersionSupported(version);

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => inner.GetMessageBytes(message);

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => inner.WriteMessage(message, output);

    public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        ReadOnlySequence<byte> before = input;
        try
        {
            if (!inner.TryParseMessage(ref input, binder, out message))
                return false;
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

    private bool IsTooLarge(ReadOnlySequence<byte> before, ReadOnlySequence<byte> after) =>
        before.Length - after.Length > limits.HubMessageBytes;

    private Refusal TooLarge() => new(ErrorCodes.TooLarge, $"A hub message may have {limits.HubMessageBytes} bytes.");

    private static InvocationMessage Refuse(string? invocationId, Refusal refusal) => new(invocationId, Target, [refusal.ToWire()]);
}
