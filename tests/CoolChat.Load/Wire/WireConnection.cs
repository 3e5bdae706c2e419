using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace CoolChat.Load.Wire;

/// <summary>
/// A SignalR client as cheap as it can be: WebSocket frames (RFC 6455) straight over a socket, records of the JSON protocol handed on as bytes.
/// Server and generator share a machine, so what this saves is the server's; relay and server are measured through the same one.
/// </summary>
internal sealed class WireConnection : IDisposable
{
    private const byte RecordSeparator = 0x1e;
    private static readonly byte[] Handshake = Encoding.ASCII.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e");
    private static readonly byte[] Ping = Encoding.ASCII.GetBytes("{\"type\":6}\u001e");
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Lock _lock = new();
    private byte[] _filling = new byte[4096];
    private byte[] _sending = new byte[4096];
    private int _filled;
    private bool _busy;
    private byte[] _input = new byte[16 * 1024];
    private byte[] _record = new byte[16 * 1024];
    private int _recordLength;
    private TaskCompletionSource<string>? _reply;

    /// <summary>Called for each record (without its separator) on the connection's reading task.</summary>
    public required Action<WireConnection, ReadOnlySpan<byte>> OnRecord { get; init; }

    /// <summary>Caller's own number of the connection.</summary>
    public required int Number { get; init; }

    public bool IsClosed { get; private set; }

    /// <summary>Completes when the connection has ended.</summary>
    public Task Reading { get; private set; } = Task.CompletedTask;

    /// <summary>Bytes that wait to be sent.</summary>
    public int Backlog => _filled;

    /// <summary>Connects, upgrades and shakes hands.</summary>
    public async Task OpenAsync(Uri hub, string token, CancellationToken cancellationToken)
    {
        await _socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(hub.Host), hub.Port), cancellationToken);
        string key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        string request = $"GET {hub.PathAndQuery} HTTP/1.1\r\nHost: {hub.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer {token}\r\n\r\n";
        await _socket.SendAsync(Encoding.ASCII.GetBytes(request), SocketFlags.None, cancellationToken);
        int have = await ReadUpgradeAsync(cancellationToken);
        TaskCompletionSource<string> greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _reply = greeted;
        Reading = ReadAsync(have);
        Send(Handshake);
        Flush();
        string answer = await greeted.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
        if (answer != "{}")
            throw new InvalidOperationException("The hub refused the handshake: " + answer);
    }

    /// <summary>Sends one record and completes with the next completion record, for calls before the measurement.</summary>
    public async Task<string> CallAsync(string record, CancellationToken cancellationToken)
    {
        TaskCompletionSource<string> reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _reply = reply;
        Send(Encoding.UTF8.GetBytes(record + (char)RecordSeparator));
        Flush();
        return await reply.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
    }

    public void KeepAlive()
    {
        Send(Ping);
        Flush();
    }

    /// <summary>Appends one masked text frame to what will be sent. The mask is zero, which is a mask like any other and costs nothing.</summary>
    public void Send(ReadOnlySpan<byte> payload)
    {
        lock (_lock)
        {
            int most = payload.Length + 14;
            if (_filled + most > _filling.Length)
                Array.Resize(ref _filling, Math.Max(_filling.Length * 2, _filled + most));
            Span<byte> frame = _filling.AsSpan(_filled);
            frame[0] = 0x81;
            int header;
            if (payload.Length < 126)
            {
                frame[1] = (byte)(0x80 | payload.Length);
                header = 2;
            }
            else if (payload.Length <= ushort.MaxValue)
            {
                frame[1] = 0x80 | 126;
                BinaryPrimitives.WriteUInt16BigEndian(frame[2..], (ushort)payload.Length);
                header = 4;
            }
            else
            {
                frame[1] = 0x80 | 127;
                BinaryPrimitives.WriteUInt64BigEndian(frame[2..], (ulong)payload.Length);
                header = 10;
            }
            frame.Slice(header, 4).Clear();
            payload.CopyTo(frame[(header + 4)..]);
            _filled += header + 4 + payload.Length;
        }
    }

    /// <summary>Sends what has been appended, unless a send is under way, which then goes on with it.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_busy || _filled == 0 || IsClosed)
                return;
            _busy = true;
        }
        _ = SendAllAsync();
    }

    private async Task SendAllAsync()
    {
        try
        {
            while (true)
            {
                int length;
                lock (_lock)
                {
                    if (_filled == 0)
                    {
                        _busy = false;
                        return;
                    }
                    (_filling, _sending) = (_sending, _filling);
                    (length, _filled) = (_filled, 0);
                }
                for (int sent = 0; sent < length;)
                    sent += await _socket.SendAsync(_sending.AsMemory(sent, length - sent), SocketFlags.None);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            IsClosed = true;
        }
    }

    private async Task<int> ReadUpgradeAsync(CancellationToken cancellationToken)
    {
        int have = 0;
        while (true)
        {
            int read = await _socket.ReceiveAsync(_input.AsMemory(have), SocketFlags.None, cancellationToken);
            have += read;
            int end = _input.AsSpan(0, have).IndexOf("\r\n\r\n"u8);
            if (end < 0 && read > 0 && have < _input.Length)
                continue;
            string head = Encoding.ASCII.GetString(_input, 0, Math.Max(end, 0));
            if (!head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
                throw new InvalidOperationException("The hub refused the upgrade: " + head.Split('\r')[0]);
            _input.AsSpan(end + 4, have - end - 4).CopyTo(_input);
            return have - end - 4;
        }
    }

    private async Task ReadAsync(int have)
    {
        try
        {
            while (true)
            {
                int used = TakeFrames(_input.AsSpan(0, have));
                if (used < 0)
                    return;
                _input.AsSpan(used, have - used).CopyTo(_input);
                have -= used;
                if (have == _input.Length)
                    Array.Resize(ref _input, _input.Length * 2);
                int read = await _socket.ReceiveAsync(_input.AsMemory(have), SocketFlags.None);
                if (read == 0)
                    return;
                have += read;
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Closed from one side or the other.
        }
        finally
        {
            IsClosed = true;
            _reply?.TrySetException(new InvalidOperationException("The connection was closed."));
        }
    }

    /// <summary>Takes whole frames; returns the bytes used, or -1 at a close frame.</summary>
    private int TakeFrames(ReadOnlySpan<byte> input)
    {
        int used = 0;
        while (input.Length - used >= 2)
        {
            ReadOnlySpan<byte> frame = input[used..];
            int header = 2;
            long length = frame[1] & 0x7F;
            if (length == 126)
            {
                if (frame.Length < 4)
                    break;
                length = BinaryPrimitives.ReadUInt16BigEndian(frame[2..]);
                header = 4;
            }
            else if (length == 127)
            {
                if (frame.Length < 10)
                    break;
                length = BinaryPrimitives.ReadInt64BigEndian(frame[2..]);
                header = 10;
            }
            if (frame.Length < header + length)
                break;
            int opcode = frame[0] & 0x0F;
            if (opcode == 8)
                return -1;
            // Records are delimited by themselves, so frames and fragments (opcode 0) are simply joined; a ping (9) needs no answer here.
            if (opcode <= 2)
                TakeRecords(frame.Slice(header, (int)length));
            used += header + (int)length;
        }
        return used;
    }

    private void TakeRecords(ReadOnlySpan<byte> payload)
    {
        while (payload.Length > 0)
        {
            int end = payload.IndexOf(RecordSeparator);
            if (end >= 0 && _recordLength == 0)
            {
                Hand(payload[..end]);
            }
            else
            {
                ReadOnlySpan<byte> piece = end < 0 ? payload : payload[..end];
                if (_recordLength + piece.Length > _record.Length)
                    Array.Resize(ref _record, Math.Max(_record.Length * 2, _recordLength + piece.Length));
                piece.CopyTo(_record.AsSpan(_recordLength));
                _recordLength += piece.Length;
                if (end >= 0)
                {
                    Hand(_record.AsSpan(0, _recordLength));
                    _recordLength = 0;
                }
            }
            if (end < 0)
                return;
            payload = payload[(end + 1)..];
        }
    }

    private void Hand(ReadOnlySpan<byte> record)
    {
        if (_reply is { } reply && (record.Length == 2 || record.StartsWith("{\"error\""u8) || record.StartsWith("{\"type\":3"u8)))
        {
            _reply = null;
            reply.TrySetResult(Encoding.UTF8.GetString(record));
            return;
        }
        OnRecord(this, record);
    }

    public void Dispose()
    {
        IsClosed = true;
        _socket.Dispose();
    }
}
