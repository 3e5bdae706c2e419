using System.Globalization;
using CoolChat.User.SignIn;

namespace CoolChat.User.Accounts;

/// <summary>Reads what people write for a person: an address, or CAIP-10 for one that is pinned to a chain.</summary>
internal static class WalletIds
{
    /// <summary>
    /// 0x and 40 digits, or eip155:chain:0x...; the home chain is not pinned. Mixed case must be a right EIP-55 checksum, because it catches typing errors.
    /// </summary>
    public static bool TryParse(string text, long homeChain, out WalletId wallet)
    {
        wallet = default;
        string address = text;
        string? chain = null;
        if (text.StartsWith("eip155:", StringComparison.Ordinal))
        {
            string[] parts = text.Split(':');
            if (parts.Length != 3 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long id) || id <= 0)
                return false;
            chain = id == homeChain ? null : string.Create(CultureInfo.InvariantCulture, $"eip155:{id}");
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
}
