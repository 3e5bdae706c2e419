using System.Diagnostics.CodeAnalysis;

namespace CoolChat.Contracts.Internal;

/// <summary>An expected failure, mapped in one place to problem details (HTTP) or a hub error.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>, or a service's own stable code.</param>
/// <param name="Detail">A sentence for people; never a secret, token or message body.</param>
/// <param name="Field">The field that is wrong, as a path.</param>
/// <param name="RetryAfter">Seconds.</param>
/// <param name="Status">HTTP status where the code has none of its own; see <c>ProblemMapping</c>.</param>
public sealed record Refusal(string Code, string Detail, string? Field = null, int? RetryAfter = null, int? Status = null)
{
    public static Refusal Invalid(string field, string detail) => new(ErrorCodes.Invalid, detail, field);

    public static Refusal NotFound(string what = "It is not there, or not for you to see.") => new(ErrorCodes.NotFound, what);

    public static Refusal Forbidden(string detail) => new(ErrorCodes.Forbidden, detail);

    public static Refusal Conflict(string detail) => new(ErrorCodes.Conflict, detail);

    public WireError ToWire() => new() { Code = Code, Detail = Detail, Field = Field, RetryAfter = RetryAfter };
}

/// <summary>A value or why there is none.</summary>
public readonly struct Result<T>
{
    private Result(T? value, Refusal? refusal)
    {
        Value = value;
        Refusal = refusal;
    }

    public T? Value { get; }

    public Refusal? Refusal { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Ok => Refusal is null;

    [SuppressMessage("Usage", "CA2225", Justification = "Results are made by returning a value or a refusal.")]
    public static implicit operator Result<T>(T value) => new(value, null);

    [SuppressMessage("Usage", "CA2225", Justification = "Results are made by returning a value or a refusal.")]
    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);
}
