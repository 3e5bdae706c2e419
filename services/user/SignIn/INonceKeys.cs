namespace CoolChat.User.SignIn;

/// <summary>The secret with which nonces are made and known again. Each key has at least 32 bytes.</summary>
internal interface INonceKeys
{
    /// <summary>
    /// Newest first: the first makes nonces, all know them. A key can leave the list once the nonces it made have expired. Where
    /// <see cref="IUsedNonces"/> forgets at a restart, the keys must be new after one too, or a nonce could be used again.
    /// </summary>
    IReadOnlyList<ReadOnlyMemory<byte>> Current { get; }
}
