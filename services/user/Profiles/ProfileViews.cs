using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;

namespace CoolChat.User.Profiles;

/// <summary>Accounts as the wire shows them.</summary>
internal sealed class ProfileViews(IAccountStore accounts, IBlockList blocks, TimeProvider time)
{
    /// <summary>Stands for the address of a deleted account, so that clients need no case of its own to draw one.</summary>
    private const string ZeroAddress = "0x0000000000000000000000000000000000000000";

    /// <summary>What <paramref name="viewer"/> may see: of somebody who has blocked them, no more than name and address.</summary>
    public ProfileView For(Guid viewer, Account account)
    {
        ProfileView view = new()
        {
            UserId = account.Id,
            Address = account.Wallet?.Address ?? ZeroAddress,
            Chain = account.Wallet?.Chain,
            DisplayName = account.Profile.DisplayName,
            Deleted = account.Deleted ? true : null,
            Waiting = account.Waiting ? true : null,
        };
        if (blocks.IsBlocked(account.Id, viewer))
            return view;
        Profile profile = account.Profile;
        return view with
        {
            Bio = profile.Bio,
            Status = StatusOf(profile),
            Language = profile.Language,
            TimeZone = profile.TimeZone,
            Avatar = profile.Avatar,
        };
    }

    public async Task<MeView> MeAsync(Account account, CancellationToken cancellationToken)
    {
        IReadOnlyList<Wallet> wallets = await accounts.WalletsAsync(account.Id, cancellationToken);
        Profile profile = account.Profile;
        return new MeView
        {
            UserId = account.Id,
            Address = account.Wallet?.Address ?? ZeroAddress,
            Chain = account.Wallet?.Chain,
            DisplayName = profile.DisplayName,
            Bio = profile.Bio,
            Status = StatusOf(profile),
            Language = profile.Language,
            TimeZone = profile.TimeZone,
            Avatar = profile.Avatar,
            Wallets = [.. wallets.Select(View)],
            CreatedAt = account.CreatedAt,
            ServerRole = account.ServerRole,
        };
    }

    public static WalletView View(Wallet wallet) => new()
    {
        Address = wallet.Id.Address,
        Chain = wallet.Id.Chain,
        Primary = wallet.Primary,
        LinkedAt = wallet.LinkedAt,
    };

    private ProfileStatus? StatusOf(Profile profile) =>
        (profile.StatusText is null && profile.StatusEmoji is null) || profile.StatusUntil <= time.GetUtcNow()
            ? null
            : new ProfileStatus { Text = profile.StatusText, Emoji = profile.StatusEmoji, Until = profile.StatusUntil };
}
