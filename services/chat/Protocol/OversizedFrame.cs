using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace CoolChat.Chat.Protocol;

/// <summary>A frame that is too large to be kept: it passes by, and only its beginning and its end are remembered, where its invocation id is.</summary>
internal sealed class OversizedFrame
{
    private const int HeadBytes = 4096;
    private const int TailBytes = 512;
    private const byte RecordSeparator = 0x1e;

    private readonly TransferFormat _format;
    private readonly byte[] _head;
    private byte[] _tail = [];
    private long _left;

    public OversizedFrame(TransferFormat format, in ReadOnlySequence<byte> begin)
    {
        _format = format;
        _head = begin.Slice(0, Math.Min(HeadBytes, begin.Length)).ToArray();
        _left = format == TransferFormat.Binary ? BinaryLength(_head) : 0;
    }

    /// <summary>Takes from <paramref name="input"/> what belongs to the frame; true when that was its end.</summary>
    public bool TryTakeEnd(ref ReadOnlySequence<byte> input)
    {
        SequencePosition end = _format == TransferFormat.Binary
            ? input.GetPosition(Math.Min(_left, input.Length))
            : input.PositionOf(RecordSeparator) is { } separator ? input.GetPosition(1, separator) : input.End;
        ReadOnlySequence<byte> piece = input.Slice(0, end);
        input = input.Slice(end);
        _left -= piece.Length;
        Remember(piece);
        return _format == TransferFormat.Binary ? _left <= 0 : _tail is [.., RecordSeparator];
    }

    public string? FindInvocationId() => FrameSalvage.FindInvocationId(_head, _tail, _format);

    private void Remember(in ReadOnlySequence<byte> piece)
    {
        byte[] last = piece.Slice(Math.Max(0, piece.Length - TailBytes)).ToArray();
        byte[] both = [.. _tail, .. last];
        _tail = both.Length > TailBytes ? both[^TailBytes..] : both;
    }

    /// <summary>The length prefix (seven bits a byte, the lowest first) and what it announces.</summary>
    private static long BinaryLength(byte[] head)
    {
        long length = 0;
        for (int index = 0; index < 5; index++)
        {
            length |= (long)(head[index] & 0x7f) << (7 * index);
            if ((head[index] & 0x80) == 0)
                return length + index + 1;
        }
        throw new InvalidDataException("A frame's length is not valid.");
    }
}
