namespace CoolChat.Contracts.Internal;

/// <summary>
/// An engine refuses for a reason that the caller can be told (the disk is full, the store is away): nothing was written. The host maps it like
/// the refusal it carries; use cases that answer <see cref="Result{T}"/> let it pass.
/// </summary>
public sealed class RefusedException : Exception
{
    public RefusedException(Refusal refusal, Exception? inner = null)
        : base(refusal?.Detail, inner)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        Refusal = refusal;
    }

    public Refusal Refusal { get; }
}
