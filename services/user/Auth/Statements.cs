namespace CoolChat.User.Auth;

/// <summary>The line that people see when they sign. EIP-4361 allows it only reserved and unreserved characters of RFC 3986 and spaces.</summary>
internal static class Statements
{
    private const string Marks = "-._~:/?#[]@!$&'()*+,;= ";

    public static string For(string serverName) =>
        $"Sign in to {(serverName.All(static c => char.IsAsciiLetterOrDigit(c) || Marks.Contains(c, StringComparison.Ordinal)) ? serverName : "CoolChat")}.";
}
