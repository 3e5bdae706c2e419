namespace CoolChat.Contracts.Internal;

/// <summary>How the server's owner claims it: the host prints the link at start, until somebody has used it.</summary>
public interface IOwnerClaim
{
    /// <summary>
    /// The link, once the host listens; null when the server has an owner. Whoever opens it signed in becomes owner: it belongs on the operator's
    /// screen, and in no log that others read.
    /// </summary>
    string? PendingLink { get; }

    /// <summary>
    /// A link also when the server has an owner: for the operator, who can reach the data folder, when the owner's wallet is lost. Works once, and
    /// only until the server stops.
    /// </summary>
    string? Renew();
}
