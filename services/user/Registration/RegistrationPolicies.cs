namespace CoolChat.User.Registration;

/// <summary>Who may register.</summary>
internal static class RegistrationPolicies
{
    /// <summary>Everybody.</summary>
    public const string Open = "open";

    /// <summary>Who has a code from an admin.</summary>
    public const string Invite = "invite";

    /// <summary>Nobody new.</summary>
    public const string Closed = "closed";

    public static bool IsKnown(string? policy) => policy is Open or Invite or Closed;
}
