namespace CoolChat.User.SignIn;

/// <summary>What became of a nonce that somebody wants to use.</summary>
internal enum NonceUse
{
    /// <summary>It was free, and is used from now on.</summary>
    Taken,

    /// <summary>Somebody was first.</summary>
    UsedBefore,

    /// <summary>No more can be remembered: nothing was taken, and the sign-in has to be tried again later.</summary>
    Full,
}

/// <summary>
/// The nonces that were used and have not expired. Of many who ask for the same nonce at the same time, exactly one is told
/// <see cref="NonceUse.Taken"/>. An entry is kept until its expiry at least; it is never thrown out to make room.
/// </summary>
internal interface IUsedNonces
{
    ValueTask<NonceUse> TryUseAsync(string nonce, DateTimeOffset expiresAt, CancellationToken cancellationToken);
}
