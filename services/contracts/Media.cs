namespace CoolChat.Contracts;

/// <summary>POST /media/uploads: announces a file before its first byte.</summary>
public sealed record StartUploadRequest
{
    /// <summary>Name to show, at most 255 characters; path parts and control characters are dropped.</summary>
    public string? FileName { get; init; }

    /// <summary>Media type without parameters that count; <c>application/octet-stream</c> when absent. Images, video and audio are checked against their first bytes.</summary>
    public string? ContentType { get; init; }

    /// <summary>Exact size in bytes, from 1.</summary>
    public long? Size { get; init; }

    /// <summary>SHA-256 of the whole file, 64 hexadecimal digits; checked on completion.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The bytes are ciphertext: type and content are not looked at.</summary>
    public bool? Encrypted { get; init; }
}

/// <summary>An upload: what is there and where the rest goes.</summary>
public sealed record UploadView
{
    /// <summary>The upload; after completion the same id names the media object.</summary>
    public required Guid UploadId { get; init; }

    /// <summary>Exact size of the whole file.</summary>
    public required long Size { get; init; }

    /// <summary>Size of every part but the last.</summary>
    public required long PartSize { get; init; }

    /// <summary>All parts. They may be sent in any order, in parallel, and again.</summary>
    public required IReadOnlyList<UploadPartView> Parts { get; init; }

    /// <summary>Parts and addresses are kept until then.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The upload was completed; there are no more parts to send.</summary>
    public bool? Completed { get; init; }
}

/// <summary>One part of an upload.</summary>
public sealed record UploadPartView
{
    /// <summary>1, 2, 3 ...</summary>
    public required int Number { get; init; }

    /// <summary>Exact bytes of this part.</summary>
    public required long Size { get; init; }

    /// <summary>PUT the bytes there, relative to the server's address. Signed: it needs no token and must not be shared.</summary>
    public required string Url { get; init; }

    /// <summary>Headers to send with the PUT.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Whether the server has this part.</summary>
    public required bool Received { get; init; }
}

/// <summary>A completed upload: what an attachment refers to.</summary>
public sealed record MediaView
{
    /// <summary>Names it in <see cref="Attachment.MediaId"/>.</summary>
    public required Guid MediaId { get; init; }

    /// <summary>userId of who uploaded it.</summary>
    public required Guid Owner { get; init; }

    /// <summary>Name to show.</summary>
    public required string FileName { get; init; }

    /// <summary>Media type as found; <c>application/octet-stream</c> when the bytes were not what was announced.</summary>
    public required string ContentType { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 in lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The bytes are ciphertext.</summary>
    public bool? Encrypted { get; init; }

    /// <summary>When it was completed.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>GET /media/{id}/url.</summary>
public sealed record MediaUrlView
{
    /// <summary>Relative to the server's address; whoever has it may read the object until it expires.</summary>
    public required string Url { get; init; }

    /// <summary>Valid until.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
