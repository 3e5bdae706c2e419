using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.Media;

/// <summary>Where an upload is in its life.</summary>
internal enum MediaState
{
    /// <summary>Parts may come.</summary>
    Open = 0,

    /// <summary>An object, and immutable.</summary>
    Complete = 1,

    /// <summary>Invisible; the sweeper removes the bytes, then the record.</summary>
    Deleting = 2,
}

/// <summary>An upload and, once complete, the object made of it.</summary>
internal sealed record MediaRecord
{
    public required Guid Id { get; init; }

    public required Guid Owner { get; init; }

    public required string FileName { get; init; }

    /// <summary>As announced; as found once complete.</summary>
    public required string ContentType { get; init; }

    public required long Size { get; init; }

    /// <summary>Lower-case hexadecimal digits: as announced, or as computed once complete.</summary>
    public string? Sha256 { get; init; }

    public required bool Encrypted { get; init; }

    public required long PartSize { get; init; }

    public required MediaState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When an open upload is swept.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public int PartCount => (int)((Size + PartSize - 1) / PartSize);

    public long SizeOfPart(int number) => number < PartCount ? PartSize : Size - (PartSize * (PartCount - 1));

    public bool IsOpen(DateTimeOffset now) => State == MediaState.Open && now < ExpiresAt;

    /// <summary>Whether the upload is there for <paramref name="person"/>: theirs, and neither deleted nor abandoned.</summary>
    public bool IsSeenBy(Guid person, DateTimeOffset now) => Owner == person && (State == MediaState.Complete || IsOpen(now));

    public MediaView ToView() => new()
    {
        MediaId = Id,
        Owner = Owner,
        FileName = FileName,
        ContentType = ContentType,
        Size = Size,
        Sha256 = Sha256 ?? "",
        Encrypted = Encrypted ? true : null,
        CreatedAt = CompletedAt ?? CreatedAt,
    };

    public MediaInfo ToInfo() => new(Id, Owner, FileName, ContentType, Size, Encrypted);
}
