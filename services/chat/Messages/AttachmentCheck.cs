using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.Chat.Messages;

/// <summary>Attachments are completed uploads of the sender's own, or media that the sender can see; type and size are what the media service stored.</summary>
internal sealed class AttachmentCheck(IMediaCatalog catalog, IMediaGrants grants)
{
    public async ValueTask<Result<Content>> StampAsync(Guid sender, Content content, CancellationToken cancellationToken)
    {
        if (content.Attachments is not { Count: > 0 } attachments)
            return content;
        Attachment[] stamped = new Attachment[attachments.Count];
        for (int i = 0; i < stamped.Length; i++)
        {
            string field = $"content.attachments[{i}].mediaId";
            Result<MediaInfo> media = await FindAsync(sender, attachments[i].MediaId, field, cancellationToken);
            if (!media.Ok)
                return media.Refusal;
            if (!Suits(content.Type, media.Value))
                return Refusal.Invalid(field, $"It is {media.Value.ContentType}, not {content.Type}.");
            stamped[i] = attachments[i] with
            {
                ContentType = media.Value.ContentType,
                Size = media.Value.Size,
                FileName = attachments[i].FileName ?? media.Value.FileName,
            };
        }
        return content with { Attachments = stamped };
    }

    public async ValueTask<Refusal?> CheckPictureAsync(Guid sender, Guid mediaId, string field, CancellationToken cancellationToken)
    {
        Result<MediaInfo> media = await FindAsync(sender, mediaId, field, cancellationToken);
        if (!media.Ok)
            return media.Refusal;
        return IsKind(media.Value, "image/") ? null : Refusal.Invalid(field, $"It is {media.Value.ContentType}, not an image.");
    }

    private async ValueTask<Result<MediaInfo>> FindAsync(Guid sender, Guid mediaId, string field, CancellationToken cancellationToken)
    {
        MediaInfo? media = await catalog.FindAsync(mediaId, cancellationToken);
        bool usable = media is not null && (media.Owner == sender || await grants.CanSeeAsync(sender, mediaId, cancellationToken));
        // Somebody else's is answered like none.
        return usable ? media! : new Refusal(ErrorCodes.NotFound, "There is no such completed upload for you.", field);
    }

    /// <summary>Browsers record voice as video/webm too; only what would be shown as a picture or film must be one.</summary>
    private static bool Suits(string contentType, MediaInfo media) => media.Encrypted || contentType switch
    {
        ContentTypes.Image => IsKind(media, "image/"),
        ContentTypes.Video => IsKind(media, "video/"),
        ContentTypes.Audio or ContentTypes.Voice => IsKind(media, "audio/") || IsKind(media, "video/"),
        _ => true,
    };

    private static bool IsKind(MediaInfo media, string kind) => media.ContentType.StartsWith(kind, StringComparison.OrdinalIgnoreCase);
}
