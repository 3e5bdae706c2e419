using System.Buffers;

namespace CoolChat.User.SignIn;

/// <summary><c>authority = [ userinfo "@" ] host [ ":" port ]</c>, each part as written; null = not there.</summary>
internal readonly record struct UriAuthority(string? UserInfo, string Host, string? Port);

/// <summary>What sign-in needs to know of a URI.</summary>
internal readonly record struct UriHead(string Scheme, UriAuthority? Authority);

/// <summary>
/// The grammar of RFC 3986, appendix A, and nothing else. <see cref="Uri"/> is of no use here: it repairs, normalizes and accepts what the
/// grammar does not, and a wallet would have shown its user something else than we read.
/// </summary>
internal static class Rfc3986
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string Unreserved = Alphanumeric + "-._~";
    private const string SubDelims = "!$&'()*+,;=";

    private static readonly SearchValues<char> SchemeChars = SearchValues.Create(Alphanumeric + "+-.");
    private static readonly SearchValues<char> RegNameChars = SearchValues.Create(Unreserved + SubDelims);
    private static readonly SearchValues<char> UserInfoChars = SearchValues.Create(Unreserved + SubDelims + ":");
    private static readonly SearchValues<char> PChars = SearchValues.Create(Unreserved + SubDelims + ":@");
    private static readonly SearchValues<char> PathChars = SearchValues.Create(Unreserved + SubDelims + ":@/");
    private static readonly SearchValues<char> QueryChars = SearchValues.Create(Unreserved + SubDelims + ":@/?");
    private static readonly SearchValues<char> ReservedOrUnreservedOrSpace = SearchValues.Create(Unreserved + SubDelims + ":/?#[]@ ");

    public static bool IsScheme(ReadOnlySpan<char> text) =>
        !text.IsEmpty && char.IsAsciiLetter(text[0]) && !text.ContainsAnyExcept(SchemeChars);

    /// <summary><c>*pchar</c></summary>
    public static bool IsPChars(ReadOnlySpan<char> text) => IsEncoded(text, PChars);

    /// <summary>Where <c>*( reserved / unreserved / " " )</c> (EIP-4361's statement) ends; -1: nowhere.</summary>
    public static int IndexOfNonStatement(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(ReservedOrUnreservedOrSpace);

    public static bool TryParseUri(ReadOnlySpan<char> text, out UriHead head)
    {
        head = default;
        int colon = text.IndexOf(':');
        if (colon < 0 || !IsScheme(text[..colon]))
            return false;
        ReadOnlySpan<char> rest = text[(colon + 1)..];
        if (!CutTail(ref rest, '#') || !CutTail(ref rest, '?'))
            return false;
        UriAuthority? authority = null;
        if (rest.StartsWith("//"))
        {
            rest = rest[2..];
            int slash = rest.IndexOf('/');
            ReadOnlySpan<char> written = slash < 0 ? rest : rest[..slash];
            if (!TryParseAuthority(written, out UriAuthority parsed))
                return false;
            authority = parsed;
            rest = rest[written.Length..];
        }
        head = new UriHead(text[..colon].ToString(), authority);
        return IsEncoded(rest, PathChars);
    }

    public static bool TryParseAuthority(ReadOnlySpan<char> text, out UriAuthority authority)
    {
        authority = default;
        int at = text.IndexOf('@');
        if (at >= 0 && !IsEncoded(text[..at], UserInfoChars))
            return false;
        ReadOnlySpan<char> rest = text[(at + 1)..];
        int hostLength = rest.StartsWith("[") ? rest.IndexOf(']') + 1 : rest.IndexOf(':') is >= 0 and int colon ? colon : rest.Length;
        ReadOnlySpan<char> host = rest[..hostLength];
        ReadOnlySpan<char> port = rest[hostLength..];
        bool hostIsValid = rest.StartsWith("[") ? hostLength > 0 && IsIPLiteral(host[1..^1]) : IsEncoded(host, RegNameChars);
        if (!hostIsValid || (!port.IsEmpty && (port[0] != ':' || port[1..].ContainsAnyExceptInRange('0', '9'))))
            return false;
        authority = new UriAuthority(at < 0 ? null : text[..at].ToString(), host.ToString(), port.IsEmpty ? null : port[1..].ToString());
        return true;
    }

    /// <summary>Takes query or fragment off the end and checks it.</summary>
    private static bool CutTail(ref ReadOnlySpan<char> rest, char mark)
    {
        int start = rest.IndexOf(mark);
        if (start < 0)
            return true;
        ReadOnlySpan<char> tail = rest[(start + 1)..];
        rest = rest[..start];
        return IsEncoded(tail, QueryChars);
    }

    /// <summary>Only <paramref name="allowed"/> and <c>"%" HEXDIG HEXDIG</c>.</summary>
    private static bool IsEncoded(ReadOnlySpan<char> text, SearchValues<char> allowed)
    {
        for (int i = text.IndexOfAnyExcept(allowed); i >= 0; i = text.IndexOfAnyExcept(allowed))
        {
            if (text[i] != '%' || text.Length < i + 3 || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                return false;
            text = text[(i + 3)..];
        }
        return true;
    }

    private static bool IsIPLiteral(ReadOnlySpan<char> text) => text.StartsWith("v") || text.StartsWith("V") ? IsIPvFuture(text[1..]) : IsIPv6(text);

    private static bool IsIPvFuture(ReadOnlySpan<char> text)
    {
        int dot = text.IndexOf('.');
        if (dot < 1 || dot == text.Length - 1)
            return false;
        foreach (char c in text[..dot])
        {
            if (!char.IsAsciiHexDigit(c))
                return false;
        }
        return !text[(dot + 1)..].ContainsAnyExcept(UserInfoChars);
    }

    /// <summary>Eight groups of 16 bits, the last two perhaps as an IPv4 address; once, <c>::</c> stands for one or more of them.</summary>
    private static bool IsIPv6(ReadOnlySpan<char> text)
    {
        int gap = text.IndexOf("::");
        if (gap < 0)
            return CountGroups(text, ipv4AtEnd: true) == 8;
        int before = gap == 0 ? 0 : CountGroups(text[..gap], ipv4AtEnd: false);
        int after = gap + 2 == text.Length ? 0 : CountGroups(text[(gap + 2)..], ipv4AtEnd: true);
        return before >= 0 && after >= 0 && before + after <= 7;
    }

    /// <summary>-1: not groups at all.</summary>
    private static int CountGroups(ReadOnlySpan<char> text, bool ipv4AtEnd)
    {
        int count = 0;
        while (true)
        {
            int colon = text.IndexOf(':');
            ReadOnlySpan<char> group = colon < 0 ? text : text[..colon];
            if (colon < 0 && ipv4AtEnd && group.Contains('.'))
                return IsIPv4(group) ? count + 2 : -1;
            if (group.Length is < 1 or > 4)
                return -1;
            foreach (char c in group)
            {
                if (!char.IsAsciiHexDigit(c))
                    return -1;
            }
            count++;
            if (colon < 0)
                return count;
            text = text[(colon + 1)..];
        }
    }

    private static bool IsIPv4(ReadOnlySpan<char> text)
    {
        int octets = 0;
        foreach (Range range in text.Split('.'))
        {
            ReadOnlySpan<char> octet = text[range];
            if (octet.Length is < 1 or > 3 || octet.ContainsAnyExceptInRange('0', '9') || (octet.Length > 1 && octet[0] == '0') ||
                int.Parse(octet, System.Globalization.CultureInfo.InvariantCulture) > 255)
                return false;
            octets++;
        }
        return octets == 4;
    }
}
