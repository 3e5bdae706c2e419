using System.Net;
using System.Net.Sockets;
using CoolChat.Contracts.Internal;

namespace CoolChat.Standalone.Hosting;

/// <summary>
/// Looks at the addresses before anything else is touched: Kestrel binds last, when the engines have long been opened. A port that is taken
/// in between is still a start failure, only a later one.
/// </summary>
internal static class ListenAddresses
{
    /// <exception cref="StartException">An address is malformed, or its port is taken or not allowed.</exception>
    public static void RequireFree(string urls)
    {
        foreach (string url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            BindingAddress address = Parse(url);
            if (address.IsUnixPipe || address.IsNamedPipe || address.Port == 0)
                continue;
            foreach (IPAddress ip in Resolve(address.Host))
                Try(ip, address.Port, url);
        }
    }

    private static BindingAddress Parse(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException failure)
        {
            throw new StartException($"--urls: '{url}' is no address; write for example http://localhost:5080.", failure);
        }
        if (address.Scheme is not ("http" or "https"))
            throw new StartException($"--urls: '{url}' must begin with http:// or https://.");
        if (address.Port is < 0 or > IPEndPoint.MaxPort)
            throw new StartException($"--urls: '{url}' names no port: they are numbers from 1 to {IPEndPoint.MaxPort}.");
        if (address.Port == 0 && address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            throw new StartException("--urls: a free port can't be chosen for localhost; write http://127.0.0.1:0.");
        return address;
    }

    private static IPAddress[] Resolve(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? [IPAddress.Loopback, IPAddress.IPv6Loopback]
        : IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? ip) ? [ip]
        : [IPAddress.Any];

    private static void Try(IPAddress ip, int port, string url)
    {
        try
        {
            using Socket socket = new(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(ip, port));
            socket.Listen();
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw InUse(url, failure);
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new StartException($"Not allowed to listen on {url}: choose a port above 1023 with --urls.", failure);
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressNotAvailable && !IPAddress.IsLoopback(ip))
        {
            throw new StartException($"This machine has no address {ip}: choose another with --urls.", failure);
        }
        catch (SocketException)
        {
            // No IPv6 here: Kestrel listens on the other loopback address alone.
        }
    }

    internal static StartException InUse(string url, Exception failure) =>
        new($"The port of {url} is in use: stop the program that uses it, or choose another port with --urls, for example --urls http://localhost:5081", failure);
}
