using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Media.Adapters.Disk;
using CoolChat.Media.Objects;
using Microsoft.Extensions.Options;

namespace CoolChat.Media.Uploads;

/// <summary>Announces a file: everything that can be refused is refused here, before the first byte.</summary>
internal sealed class StartUpload(
    IMediaRecords records, IMediaStore store, UploadViews views, IOptions<MediaOptions> options, TimeProvider time)
{
    private const int MaxParts = 1000;
    private readonly MediaOptions _options = options.Value;

    public async ValueTask<Result<UploadView>> ExecuteAsync(Guid owner, StartUploadRequest request, CancellationToken cancellationToken)
    {
        Result<MediaRecord> parsed = Parse(owner, request);
        if (!parsed.Ok)
            return parsed.Refusal;
        MediaRecord record = parsed.Value;

        // The parts and, for a moment, the object made of them.
        if (!await store.HasSpaceAsync((2 * record.Size) + _options.ReserveBytes, cancellationToken))
            return DiskFull.Refusal;
        if (await records.TryStartAsync(record, _options.MaxOpenUploads, _options.QuotaBytes, cancellationToken) is { } refusal)
            return refusal;
        return views.Create(record, received: []);
    }

    private Result<MediaRecord> Parse(Guid owner, StartUploadRequest request)
    {
        if (request.Size is not { } size || size < 1)
            return Refusal.Invalid("size", "Say the exact size in bytes, at least 1.");
        if (size > _options.MaxFileBytes)
            return new Refusal(ErrorCodes.TooLarge, $"A file may have at most {_options.MaxFileBytes} bytes.", "size");
        if (request.FileName is { Length: > FileNames.MaxLength })
            return Refusal.Invalid("fileName", $"At most {FileNames.MaxLength} characters.");
        if (MediaTypes.Parse(request.ContentType) is not { } contentType)
            return Refusal.Invalid("contentType", "Not a media type like image/png.");
        if (request.Sha256 is { } sha256 && (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigit)))
            return Refusal.Invalid("sha256", "64 hexadecimal digits.");

        bool encrypted = request.Encrypted == true;
        DateTimeOffset now = time.GetUtcNow();
        return new MediaRecord
        {
            Id = Guid.CreateVersion7(now),
            Owner = owner,
            FileName = FileNames.Clean(request.FileName),
            // Ciphertext is nothing a browser could show, whatever it holds.
            ContentType = encrypted ? MediaTypes.Unknown : contentType,
            Size = size,
            Sha256 = request.Sha256?.ToLowerInvariant(),
            Encrypted = encrypted,
            PartSize = Math.Max(_options.PartBytes, (size + MaxParts - 1) / MaxParts),
            State = MediaState.Open,
            CreatedAt = now,
            ExpiresAt = now + _options.UploadLifetime,
        };
    }
}
