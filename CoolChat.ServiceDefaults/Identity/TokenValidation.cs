using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace CoolChat.ServiceDefaults.Identity;

/// <summary>Validates access tokens with the keys and revocations that the user module provides.</summary>
internal static class TokenValidation
{
    public static void AddTokenValidation(this IServiceCollection services)
    {
        services.AddServiceAuthentication();
        services.Configure<AuthenticationOptions>(authentication => authentication.DefaultScheme = JwtBearerDefaults.AuthenticationScheme);
        new AuthenticationBuilder(services).AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IVerificationKeys, ISessionStatus, TimeProvider>(Configure);
    }

    /// <summary>Authentication and authorization without any scheme of its own.</summary>
    public static void AddServiceAuthentication(this IServiceCollection services)
    {
        services.AddAuthentication();
        WithoutKeyRing(services);
        services.AddAuthorization();
    }

    /// <summary>
    /// AddAuthentication also starts data protection, which would keep a key ring in the home folder for cookies that we don't have: state
    /// outside the data folder, and work at each start.
    /// </summary>
    private static void WithoutKeyRing(IServiceCollection services)
    {
        foreach (ServiceDescriptor keyRing in services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Namespace?.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal) == true).ToArray())
        {
            services.Remove(keyRing);
        }
    }

    private static void Configure(JwtBearerOptions jwt, IVerificationKeys keys, ISessionStatus sessions, TimeProvider time)
    {
        SigningKeys signingKeys = new(keys);
        jwt.MapInboundClaims = false;
        jwt.IncludeErrorDetails = false;
        jwt.TimeProvider = time;
        jwt.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = AccessTokens.Issuer,
            ValidAudience = AccessTokens.Audience,
            ValidAlgorithms = [AccessTokens.Algorithm],
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (notBefore, expires, _, _) => IsCurrent(notBefore, expires, time.GetUtcNow().UtcDateTime),
            IssuerSigningKeyResolver = (_, _, keyId, _) => signingKeys.Find(keyId),
            TryAllIssuerSigningKeys = false,
            NameClaimType = AccessTokens.UserId,
        };
        jwt.Events = new JwtBearerEvents
        {
            OnMessageReceived = context =>
            {
                if (context.Request.Path.StartsWithSegments(AccessTokens.HubPath, StringComparison.Ordinal)
                    && context.Request.Query["access_token"] is [{ Length: > 0 } token])
                {
                    context.Token = token;
                }
                return Task.CompletedTask;
            },
            OnTokenValidated = context =>
            {
                Caller? caller = Caller.From(context.Principal);
                if (caller is null || sessions.IsRevoked(caller.SessionId))
                    context.Fail("The token belongs to no living session.");
                return Task.CompletedTask;
            },
        };
    }

    private static bool IsCurrent(DateTime? notBefore, DateTime? expires, DateTime now) =>
        expires is { } end && now < end + AccessTokens.ClockSkew && (notBefore is not { } start || now >= start - AccessTokens.ClockSkew);
}
