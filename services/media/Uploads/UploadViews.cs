using CoolChat.Contracts;
using CoolChat.Media.Signing;

namespace CoolChat.Media.Uploads;

/// <summary>Shows an upload with the addresses of its parts.</summary>
internal sealed class UploadViews(SignedAddresses addresses)
{
    private static readonly Dictionary<string, string> NoHeaders = [];

    public UploadView Create(MediaRecord record, IReadOnlyCollection<int> received)
    {
        bool complete = record.State == MediaState.Complete;
        HashSet<int> there = [.. received];
        return new UploadView
        {
            UploadId = record.Id,
            Size = record.Size,
            PartSize = record.PartSize,
            ExpiresAt = record.ExpiresAt,
            Completed = complete ? true : null,
            Parts = [.. Enumerable.Range(1, record.PartCount).Select(number => new UploadPartView
            {
                Number = number,
                Size = record.SizeOfPart(number),
                Url = addresses.Part(record.Id, number, record.ExpiresAt),
                Headers = NoHeaders,
                Received = complete || there.Contains(number),
            })],
        };
    }
}
