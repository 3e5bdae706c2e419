using System.Buffers.Text;
using System.Text.Json;
using CoolChat.Contracts;

namespace CoolChat.Client;

/// <summary>What signing in gives; keep <see cref="RefreshToken"/> to come back without signing.</summary>
public sealed record SessionTokens
{
    /// <summary>JWT for requests; short-lived.</summary>
    public required string AccessToken { get; init; }
    /// <summary>When the access token ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
    /// <summary>Gives the next tokens, once.</summary>
    public string? RefreshToken { get; init; }
}

/// <summary>Holds the tokens and renews them before they end: one renewal at a time, shared by all who wait for it.</summary>
internal sealed class Session : IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    private readonly RestClient _anonymous;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile SessionTokens _tokens;

    public Session(RestClient anonymous, SessionTokens tokens, TimeProvider time)
    {
        _anonymous = anonymous;
        _tokens = tokens;
        _time = time;
        UserId = SubjectOf(tokens.AccessToken);
    }

    public Guid UserId { get; }

    public SessionTokens Tokens => _tokens;

    /// <summary>Time until the token should be renewed.</summary>
    public TimeSpan RenewIn
    {
        get
        {
            TimeSpan left = _tokens.ExpiresAt - _time.GetUtcNow() - Margin;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>A valid token; another one than <paramref name="refused"/>.</summary>
    public async ValueTask<string> AccessTokenAsync(string? refused, CancellationToken cancellationToken)
    {
        SessionTokens seen = _tokens;
        if (seen.AccessToken != refused && RenewIn > TimeSpan.Zero)
            return seen.AccessToken;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Somebody else renewed while this one waited.
            if (!ReferenceEquals(seen, _tokens))
                return _tokens.AccessToken;
            if (seen.RefreshToken is null)
                return seen.AccessToken;
            _tokens = await _anonymous.PostAsync<SessionTokens>("user/auth/refresh", new { refreshToken = seen.RefreshToken }, cancellationToken);
            return _tokens.AccessToken;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static Guid SubjectOf(string jwt)
    {
        string[] parts = jwt.Split('.');
        if (parts.Length != 3)
            throw new CoolChatException(ErrorCodes.Unauthenticated, "The access token is not a JWT.");
        using JsonDocument claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        return claims.RootElement.GetProperty("sub").GetGuid();
    }

    public void Dispose() => _gate.Dispose();
}
