using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace CoolChat.ContractTests;

/// <summary>A network that can fail: forwards connections to a server until it is cut, and again after it is mended.</summary>
public sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _open = new();
    private readonly DnsEndPoint _target;
    private readonly Task _accepting;
    private volatile bool _cut;

    public CutProxy(string host, int port)
    {
        _target = new DnsEndPoint(host, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Breaks every connection, in the middle of whatever it carries, and refuses new ones.</summary>
    public void Cut()
    {
        _cut = true;
        Break();
    }

    public void Mend() => _cut = false;

    /// <summary>Breaks every connection; new ones are fine.</summary>
    public void Break()
    {
        foreach (TcpClient client in _open.Keys)
            client.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        Break();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ForwardAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using TcpClient server = new();
        _open[client] = true;
        _open[server] = true;
        try
        {
            if (_cut)
                return;
            await server.ConnectAsync(_target.Host, _target.Port);
            await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(client.GetStream()));
        }
        catch (Exception broken) when (broken is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
        finally
        {
            _open.TryRemove(client, out _);
            _open.TryRemove(server, out _);
            client.Dispose();
        }
    }
}
