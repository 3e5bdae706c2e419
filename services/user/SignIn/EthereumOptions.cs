using System.Globalization;
using Microsoft.Extensions.Options;

namespace CoolChat.User.SignIn;

/// <summary>Access to chains, needed only to let contract wallets in; section <c>Ethereum</c>.</summary>
internal sealed class EthereumOptions
{
    public const string Section = "Ethereum";

    /// <summary>
    /// JSON-RPC endpoints by chain id (EIP-155): <c>Ethereum:Rpc:1 = https://...</c>. They are trusted: what they answer decides who gets in.
    /// An address may hold an access key, and is therefore never logged or shown.
    /// </summary>
    public IDictionary<string, string> Rpc { get; init; } = new Dictionary<string, string>();

    /// <summary>Longest wait for a chain's answer; 100 ms to a minute.</summary>
    public TimeSpan RpcTimeout { get; set; } = TimeSpan.FromSeconds(5);

    public bool Knows(ulong chainId) => Rpc.ContainsKey(chainId.ToString(CultureInfo.InvariantCulture));

    public Uri RpcOf(ulong chainId) => new(Rpc[chainId.ToString(CultureInfo.InvariantCulture)]);
}

internal sealed class EthereumOptionsValidator : IValidateOptions<EthereumOptions>
{
    public ValidateOptionsResult Validate(string? name, EthereumOptions options)
    {
        List<string> failures = [];
        foreach ((string chain, string address) in options.Rpc)
        {
            if (!ulong.TryParse(chain, NumberStyles.None, CultureInfo.InvariantCulture, out ulong id) || id.ToString(CultureInfo.InvariantCulture) != chain)
                failures.Add($"Ethereum:Rpc:{chain}: the name is a chain id, a decimal number such as 1.");
            if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
                failures.Add($"Ethereum:Rpc:{chain} is not an http:// or https:// address.");
        }
        if (options.RpcTimeout < TimeSpan.FromMilliseconds(100) || options.RpcTimeout > TimeSpan.FromMinutes(1))
            failures.Add("Ethereum:RpcTimeout is between 00:00:00.1 and 00:01:00.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
