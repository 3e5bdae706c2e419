using System.Security.Cryptography;
using System.Text;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace CoolChat.ServiceDefaults.Identity;

/// <summary>What the operator of a deployment proves themself with (<c>Authorization: Bearer KEY</c>), where no person and no service may do something.</summary>
public sealed class OperatorKey
{
    /// <summary>Configuration key. Absent: nobody is the operator.</summary>
    public const string ConfigurationKey = "Operator:Key";

    private const int LeastKey = 32;
    private const string Scheme = "Bearer ";
    private readonly byte[] _digest;

    private OperatorKey(string key) => _digest = Digest(key);

    /// <summary>The key, or null when there is none.</summary>
    /// <exception cref="StartException">It is too short.</exception>
    public static OperatorKey? Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration[ConfigurationKey] switch
        {
            null or "" => null,
            { Length: < LeastKey } => throw new StartException($"{ConfigurationKey} is shorter than {LeastKey} characters."),
            { } key => new OperatorKey(key),
        };
    }

    /// <summary>Lets only the operator in.</summary>
    public void Guard(IEndpointConventionBuilder endpoints) => endpoints.AddEndpointFilter(async (context, next) =>
        IsIn(context.HttpContext.Request.Headers.Authorization.ToString())
            ? await next(context)
            : new Refusal(ErrorCodes.Unauthenticated, "The operator's key is needed.").ToProblem());

    /// <summary>In constant time, whatever the length.</summary>
    private bool IsIn(string authorization) =>
        authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Digest(authorization[Scheme.Length..].Trim()), _digest);

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
