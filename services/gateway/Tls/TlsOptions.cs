using Microsoft.Extensions.Options;

namespace CoolChat.Gateway.Tls;

/// <summary>Section <c>Edge:Tls</c>: the certificate of every https address that the gateway listens on.</summary>
public sealed class TlsOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Edge:Tls";

    /// <summary>PEM file: the certificate, then those it was issued by. Read again when it changes.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file of its private key.</summary>
    public string? Key { get; set; }
}

internal sealed class TlsOptionsRules : IValidateOptions<TlsOptions>
{
    public ValidateOptionsResult Validate(string? name, TlsOptions options)
    {
        if (string.IsNullOrEmpty(options.Certificate) != string.IsNullOrEmpty(options.Key))
            return ValidateOptionsResult.Fail("Edge:Tls:Certificate and Edge:Tls:Key are set both or neither.");
        return ValidateOptionsResult.Success;
    }
}
