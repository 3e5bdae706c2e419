using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.User.Registration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace CoolChat.User.Tokens;

/// <summary>
/// The keys of access tokens. A new one is published <see cref="LeadTime"/> before it signs, so that services that cache the list know it in time;
/// an old one stays published while a token of its may live.
/// </summary>
internal sealed partial class KeyRing(IServerStore store, IOptions<AuthOptions> options, TimeProvider time, ILogger<KeyRing> logger) : IVerificationKeys, IDisposable
{
    internal static readonly TimeSpan LeadTime = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _maintaining = new(1, 1);
    private volatile IReadOnlyList<SigningKey> _keys = [];
    private volatile IReadOnlyList<VerificationKey> _public = [];

    public IReadOnlyList<VerificationKey> Current => _public;

    /// <summary>What signs now: the newest whose time has come.</summary>
    public SigningCredentials Signer
    {
        get
        {
            DateTimeOffset now = time.GetUtcNow();
            IReadOnlyList<SigningKey> keys = _keys;
            SigningKey? due = keys.FirstOrDefault(key => key.SignsFrom <= now) ?? (keys.Count > 0 ? keys[^1] : null);
            return due?.Credentials ?? throw new InvalidOperationException("The key ring was asked before it was loaded.");
        }
    }

    /// <summary>Loads the ring, makes the first or the next key when it is due, and removes those that no living token needs.</summary>
    public async Task MaintainAsync(CancellationToken cancellationToken)
    {
        await _maintaining.WaitAsync(cancellationToken);
        try
        {
            await RotateAsync(cancellationToken);
            Use(await store.KeysAsync(cancellationToken));
        }
        finally
        {
            _maintaining.Release();
        }
    }

    private async Task RotateAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyList<StoredKey> stored = await store.KeysAsync(cancellationToken);
        if (stored.Count == 0 || now - stored[0].SignsFrom >= options.Value.KeyRotation)
        {
            StoredKey next = SigningKey.Create(stored.Count == 0 ? now : now + LeadTime);
            if (await store.AddKeyAsync(next, stored.Count == 0 ? null : stored[0].KeyId, cancellationToken))
                LogNewKey(logger, next.KeyId, next.SignsFrom);
            stored = await store.KeysAsync(cancellationToken);
        }
        foreach (StoredKey old in Outlived(stored, now))
            await store.RemoveKeyAsync(old.KeyId, cancellationToken);
    }

    /// <summary>Keys whose successor has signed for longer than a token lives.</summary>
    private static IEnumerable<StoredKey> Outlived(IReadOnlyList<StoredKey> newestFirst, DateTimeOffset now)
    {
        for (int i = 1; i < newestFirst.Count; i++)
        {
            if (newestFirst[i - 1].SignsFrom + AccessTokens.Lifetime + AccessTokens.ClockSkew < now)
                yield return newestFirst[i];
        }
    }

    private void Use(IReadOnlyList<StoredKey> stored)
    {
        if (stored.Count == _keys.Count && stored.Zip(_keys).All(static pair => pair.First.KeyId == pair.Second.Public.KeyId))
            return;
        IReadOnlyList<SigningKey> keys = [.. stored.Select(SigningKey.Import)];
        _keys = keys;
        _public = [.. keys.Select(static key => key.Public)];
    }

    public void Dispose() => _maintaining.Dispose();

    [LoggerMessage(200, LogLevel.Information, "New signing key {KeyId}, in use from {SignsFrom:O}")]
    private static partial void LogNewKey(ILogger logger, string keyId, DateTimeOffset signsFrom);
}
