using System.Globalization;
using CoolChat.User.SignIn;

namespace CoolChat.User.Accounts;

/// <summary>Reads what people write for a person: an address, or CAIP-10 for one that is pinned to a chain.</summary>
internal static class WalletIds
{
    /// <summary>
    /// The chain whose addresses stand alone (Ethereum): what is written to an address waits for a key's wallet, or a contract's there. Not to be
    /// configured: with another chain the same addresses could be other people's contracts.
    /// </summary>
    private const ulong HomeChain = 1;

    /// <summary>
    /// A contract wallet. On the home chain an address is either a key's or one contract's. On any other, it can be somebody else's contract than on
    /// the next, and somebody else's than the key's: it is pinned there.
    /// </summary>
    public static WalletId OfContract(EthereumAddress address, ulong chain) => new(address.ToString(), ChainName(chain));

    /// <summary>0x and 40 digits, or eip155:chain:0x... Mixed case must be a right EIP-55 checksum, because it catches typing errors.</summary>
    public static bool TryParse(string text, out WalletId wallet)
    {
        wallet = default;
        string address = text;
        string? chain = null;
        if (text.StartsWith("eip155:", StringComparison.Ordinal))
        {
            string[] parts = text.Split(':');
            if (parts.Length != 3 || !ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong id) || id == 0)
                return false;
            chain = ChainName(id);
            address = parts[2];
        }
        if (!EthereumAddress.TryParse(address, out EthereumAddress parsed))
            return false;
        ReadOnlySpan<char> digits = address.AsSpan(2);
        bool oneCase = !digits.ContainsAnyInRange('a', 'f') || !digits.ContainsAnyInRange('A', 'F');
        if (!oneCase && !parsed.HasChecksum(address))
            return false;
        wallet = new WalletId(parsed.ToString(), chain);
        return true;
    }

    private static string? ChainName(ulong chain) => chain == HomeChain ? null : string.Create(CultureInfo.InvariantCulture, $"eip155:{chain}");
}
