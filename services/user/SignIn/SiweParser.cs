using System.Globalization;
using CoolChat.Contracts.Internal;
using static CoolChat.User.SignIn.SignInErrors;

namespace CoolChat.User.SignIn;

/// <summary>
/// One reading of one message, line by line: LF is in no field, and each field has a line of its own, so this is the grammar of EIP-4361 exactly.
/// </summary>
internal sealed class SiweParser
{
    public const string PreambleEnd = " wants you to sign in with your Ethereum account:";
    private const string ResourcesLabel = "Resources:";
    private const int MinNonceLength = 8;

    /// <summary>In the order in which they must come; with the field's name in errors.</summary>
    private static readonly (string Label, string Field)[] Labels =
    [
        ("URI: ", "uri"), ("Version: ", "version"), ("Chain ID: ", "chainId"), ("Nonce: ", "nonce"), ("Issued At: ", "issuedAt"),
        ("Expiration Time: ", "expirationTime"), ("Not Before: ", "notBefore"), ("Request ID: ", "requestId"), (ResourcesLabel, "resources"),
    ];

    private readonly string[] _lines;
    private readonly bool[] _taken = new bool[Labels.Length];
    private int _at;
    private Refusal? _refusal;

    private SiweParser(string text) => _lines = text.Split('\n');

    public static Result<SiweMessage> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > SiweMessage.MaxLength)
            return Message(MessageTooLong, null, $"The message has {text.Length} characters; {SiweMessage.MaxLength} are allowed.");
        if (text.Contains('\r', StringComparison.Ordinal))
            return Message(LineEnding, null, "Lines end with a line feed alone; the message has a carriage return.");
        SiweParser parser = new(text);
        SiweMessage? message = parser.Read();
        return message is not null ? message : parser._refusal!;
    }

    private SiweMessage? Read()
    {
        if (!ReadPreamble(out string? scheme, out string domain) || !ReadAddress(out EthereumAddress address) || !ReadStatement(out string? statement))
            return null;
        string? uri = Required(0, static value => Rfc3986.TryParseUri(value, out _), UriInvalid, "URI is not one of RFC 3986.");
        string? version = Required(1, static value => value == "1", VersionUnsupported, "Version is 1; no other is known.");
        string? chainId = Required(2, IsChainId, ChainIdInvalid, "Chain ID is a decimal number below 2^64.");
        string? nonce = Required(3, IsNonce, NonceInvalid, "Nonce is at least eight letters and digits.");
        Rfc3339Time? issuedAt = Time(Required(4, IsTime, IssuedAtInvalid, "Issued At is not a date-time of RFC 3339."));
        Rfc3339Time? expiration = Time(Optional(5, IsTime, ExpirationTimeInvalid, "Expiration Time is not a date-time of RFC 3339."));
        Rfc3339Time? notBefore = Time(Optional(6, IsTime, NotBeforeInvalid, "Not Before is not a date-time of RFC 3339."));
        string? requestId = Optional(7, static value => Rfc3986.IsPChars(value), RequestIdInvalid, "Request ID has a character that is none of RFC 3986's pchar.");
        List<string>? resources = ReadResources();
        ExpectEnd();
        if (_refusal is not null)
            return null;
        ulong chain = ulong.Parse(chainId!, NumberStyles.None, CultureInfo.InvariantCulture);
        return new SiweMessage
        {
            Scheme = scheme,
            Domain = domain,
            Address = address,
            Statement = statement,
            Uri = uri!,
            ChainId = chain,
            ChainIdZeros = chainId!.Length - chain.ToString(CultureInfo.InvariantCulture).Length,
            Nonce = nonce!,
            IssuedAt = issuedAt!.Value,
            ExpirationTime = expiration,
            NotBefore = notBefore,
            RequestId = requestId,
            Resources = resources,
        };
    }

    private bool ReadPreamble(out string? scheme, out string domain)
    {
        scheme = null;
        domain = _lines[0];
        if (!domain.EndsWith(PreambleEnd, StringComparison.Ordinal))
            return Refuse(Preamble, null, $"The first line is a domain and \"{PreambleEnd.TrimStart()}\".");
        domain = domain[..^PreambleEnd.Length];
        // An authority has no slash in it, so the first "://" can only end a scheme.
        int end = domain.IndexOf("://", StringComparison.Ordinal);
        if (end >= 0)
        {
            scheme = domain[..end];
            domain = domain[(end + 3)..];
            if (!Rfc3986.IsScheme(scheme))
                return Refuse(SchemeInvalid, "scheme", "What stands before \"://\" is not a scheme of RFC 3986.");
        }
        if (!Rfc3986.TryParseAuthority(domain, out UriAuthority authority))
            return Refuse(DomainInvalid, "domain", "The domain is not an authority of RFC 3986.");
        // The grammar of an authority allows an empty host; a message that names nobody who asks is none.
        if (authority.Host.Length == 0)
            return Refuse(DomainInvalid, "domain", "The domain is missing.");
        _at = 1;
        return true;
    }

    private bool ReadAddress(out EthereumAddress address)
    {
        string line = Line(_at);
        if (!EthereumAddress.TryParse(line, out address))
            return Refuse(AddressInvalid, "address", "The second line is an address: 0x and 40 hexadecimal digits.");
        if (!address.HasChecksum(line))
            return Refuse(AddressChecksum, "address", $"The capitalization of the address is not its EIP-55 checksum; it is written {address}.");
        if (_lines.Length < 3 || _lines[2].Length != 0)
            return Refuse(BlankLine, "address", "An empty line follows the address.");
        _at = 3;
        return true;
    }

    /// <summary>
    /// <c>[ statement LF ] LF</c>: with a statement, one empty line stands after it; without one, two empty lines stand between address and URI;
    /// three mean that there is a statement and that it is empty.
    /// </summary>
    private bool ReadStatement(out string? statement)
    {
        statement = null;
        if (Line(_at).Length == 0 && Line(_at + 1).Length != 0)
        {
            _at++;
            return true;
        }
        statement = Line(_at);
        int bad = Rfc3986.IndexOfNonStatement(statement);
        if (bad >= 0)
            return Refuse(StatementInvalid, "statement", $"Character {bad + 1} of the statement (U+{(int)statement[bad]:X4}) is not allowed by EIP-4361.");
        if (Line(_at + 1).Length != 0 || _at + 1 >= _lines.Length)
        {
            return statement.StartsWith(Labels[0].Label, StringComparison.Ordinal)
                ? Refuse(BlankLine, "statement", "Without a statement, two empty lines stand between the address and URI.")
                : Refuse(BlankLine, "statement", "The statement is one line, and an empty line follows it.");
        }
        _at += 2;
        return true;
    }

    private string? Required(int index, Func<string, bool> isValid, string code, string detail)
    {
        if (_refusal is null && !StartsWith(Line(_at), index))
            RefuseInsteadOf(index);
        return Optional(index, isValid, code, detail);
    }

    private string? Optional(int index, Func<string, bool> isValid, string code, string detail)
    {
        (string label, string field) = Labels[index];
        if (_refusal is not null || _at >= _lines.Length || !StartsWith(_lines[_at], index))
            return null;
        string value = _lines[_at][label.Length..];
        if (!isValid(value))
        {
            Refuse(code, field, detail);
            return null;
        }
        _taken[index] = true;
        _at++;
        return value;
    }

    private List<string>? ReadResources()
    {
        if (_refusal is not null || Line(_at) != ResourcesLabel)
            return null;
        _taken[^1] = true;
        List<string> resources = [];
        for (_at++; _at < _lines.Length && _lines[_at].StartsWith("- ", StringComparison.Ordinal); _at++)
        {
            string resource = _lines[_at][2..];
            if (!Rfc3986.TryParseUri(resource, out _))
            {
                string field = string.Create(CultureInfo.InvariantCulture, $"resources[{resources.Count}]");
                Refuse(ResourceInvalid, field, "A resource is not a URI of RFC 3986.");
                return null;
            }
            resources.Add(resource);
        }
        return resources;
    }

    private void ExpectEnd()
    {
        if (_refusal is not null || _at >= _lines.Length)
            return;
        int index = Array.FindIndex(Labels, label => _lines[_at].StartsWith(label.Label, StringComparison.Ordinal));
        if (index >= 0 && (index != Labels.Length - 1 || _lines[_at] == ResourcesLabel))
            RefuseMisplaced(index);
        else if (_lines[_at].Length == 0 && _at == _lines.Length - 1)
            Refuse(Trailing, null, "The message ends without a line feed after its last field.");
        else
            Refuse(Trailing, null, $"Line {_at + 1} is none of the message's fields.");
    }

    /// <summary>The line that should hold a required field holds something else: say what.</summary>
    private void RefuseInsteadOf(int index)
    {
        (string label, string field) = Labels[index];
        int found = Array.FindIndex(Labels, other => Line(_at).StartsWith(other.Label, StringComparison.Ordinal));
        if (found >= 0 && _taken[found])
            RefuseMisplaced(found);
        else if (Array.FindIndex(_lines, _at, line => line.StartsWith(label, StringComparison.Ordinal)) >= 0)
            Refuse(FieldOrder, field, $"\"{label.TrimEnd()}\" is not where it belongs: line {_at + 1}.");
        else
            Refuse(FieldMissing, field, $"\"{label.TrimEnd()}\" is missing in line {_at + 1}.");
    }

    private void RefuseMisplaced(int index)
    {
        (string label, string field) = Labels[index];
        if (_taken[index])
            Refuse(FieldRepeated, field, $"\"{label.TrimEnd()}\" is there twice.");
        else
            Refuse(FieldOrder, field, $"\"{label.TrimEnd()}\" stands after a field that it must come before.");
    }

    private string Line(int index) => index < _lines.Length ? _lines[index] : "";

    private static bool StartsWith(string line, int index) => line.StartsWith(Labels[index].Label, StringComparison.Ordinal);

    /// <summary>Digits only: .NET's parser lets NULs follow.</summary>
    private static bool IsChainId(string value) => value.All(char.IsAsciiDigit) && ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static bool IsNonce(string value) => value.Length >= MinNonceLength && value.All(char.IsAsciiLetterOrDigit);

    private static bool IsTime(string value) => Rfc3339Time.TryParse(value, out _);

    private static Rfc3339Time? Time(string? value) =>
        value is not null && Rfc3339Time.TryParse(value, out Rfc3339Time time) ? time : null;

    private bool Refuse(string code, string? field, string detail)
    {
        _refusal ??= Message(code, field, detail);
        return false;
    }
}
