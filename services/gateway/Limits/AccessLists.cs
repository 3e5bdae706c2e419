using System.Net;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace CoolChat.Gateway.Limits;

/// <summary>Lets in whom <c>Edge:Allow</c> and <c>Edge:Deny</c> let in, by the client's own address.</summary>
internal sealed class AccessLists : IMiddleware, IDisposable
{
    private readonly IDisposable? _changes;
    private volatile Lists _lists;

    public AccessLists(IOptionsMonitor<EdgeOptions> options)
    {
        _lists = new Lists(options.CurrentValue);
        _changes = options.OnChange(changed => _lists = new Lists(changed));
    }

    public Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        GatewayProbes.IsProbe(context.Request.Path) || _lists.LetsIn(context.Connection.RemoteIpAddress)
            ? next(context)
            : Refusal.Forbidden("Your network address is not let in here.").ToProblem().ExecuteAsync(context);

    /// <summary>An address or a network; null when it is neither.</summary>
    internal static IPNetwork? Parse(string text)
    {
        if (IPNetwork.TryParse(text, out IPNetwork network))
            return network;
        return IPAddress.TryParse(text, out IPAddress? address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : null;
    }

    public void Dispose() => _changes?.Dispose();

    private sealed class Lists(EdgeOptions options)
    {
        private readonly IPNetwork[] _allow = [.. options.Allow.Select(Parse).OfType<IPNetwork>()];
        private readonly IPNetwork[] _deny = [.. options.Deny.Select(Parse).OfType<IPNetwork>()];

        public bool LetsIn(IPAddress? address)
        {
            if (_allow.Length == 0 && _deny.Length == 0)
                return true;
            if (address is null)
                return false;
            if (address.IsIPv4MappedToIPv6)
                address = address.MapToIPv4();
            return !Array.Exists(_deny, network => network.Contains(address))
                && (_allow.Length == 0 || Array.Exists(_allow, network => network.Contains(address)));
        }
    }
}
