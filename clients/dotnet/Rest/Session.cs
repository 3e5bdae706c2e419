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
    private static readonly TimeSpan MostMargin = TimeSpan.FromMinutes(1);
    private readonly RestClient _anonymous;
    private readonly Func<CancellationToken, Task<SessionTokens>>? _signInAgain;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Held _held;

    /// <param name="anonymous">Sends without a token.</param>
    /// <param name="tokens">The first ones.</param>
    /// <param name="signInAgain">Signs the same wallet in, for when the server ended all sessions because it was restored; null: nobody can.</param>
    /// <param name="time">Clock.</param>
    public Session(RestClient anonymous, SessionTokens tokens, Func<CancellationToken, Task<SessionTokens>>? signInAgain, TimeProvider time)
    {
        _anonymous = anonymous;
        _signInAgain = signInAgain;
        _time = time;
        _held = Hold(tokens);
        UserId = SubjectOf(tokens.AccessToken);
    }

    public Guid UserId { get; }

    public SessionTokens Tokens => _held.Tokens;

    /// <summary>Time until the token should be renewed.</summary>
    public TimeSpan RenewIn
    {
        get
        {
            TimeSpan left = _held.RenewAt - _time.GetUtcNow();
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>A valid token; another one than <paramref name="refused"/>.</summary>
    public async ValueTask<string> AccessTokenAsync(string? refused, CancellationToken cancellationToken)
    {
        Held seen = _held;
        if (seen.Tokens.AccessToken != refused && RenewIn > TimeSpan.Zero)
            return seen.Tokens.AccessToken;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // Somebody else renewed while this one waited.
            if (!ReferenceEquals(seen, _held))
                return _held.Tokens.AccessToken;
            if (seen.Tokens.RefreshToken is null)
                return seen.Tokens.AccessToken;
            _held = Hold(await RenewAsync(seen.Tokens.RefreshToken, cancellationToken));
            return _held.Tokens.AccessToken;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A minute before the end, or earlier in the life of short-lived tokens, which would else be renewed without pause.</summary>
    private Held Hold(SessionTokens tokens)
    {
        TimeSpan margin = (tokens.ExpiresAt - _time.GetUtcNow()) / 3;
        return new Held(tokens, tokens.ExpiresAt - (margin < MostMargin ? margin : MostMargin));
    }

    private async Task<SessionTokens> RenewAsync(string refreshToken, CancellationToken cancellationToken)
    {
        try
        {
            return await _anonymous.PostAsync<SessionTokens>("user/auth/refresh", new { refreshToken }, cancellationToken);
        }
        catch (CoolChatException refusal) when (refusal.Code == ErrorCodes.ServerRestored && _signInAgain is not null)
        {
            SessionTokens tokens = await _signInAgain(cancellationToken);
            // The backup may be from before the account: then this is somebody new, and nothing here is theirs.
            if (SubjectOf(tokens.AccessToken) == UserId)
                return tokens;
            throw;
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

    private sealed record Held(SessionTokens Tokens, DateTimeOffset RenewAt);
}
