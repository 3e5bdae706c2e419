using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Media.Objects;

namespace CoolChat.Media.PersonalData;

/// <summary>A person's uploads: all of them in the export, and what goes with the account.</summary>
internal sealed class MediaPersonalData(
    IMediaRecords records, IMediaStore store, IMediaGrants grants, RemoveMedia remove) : IPersonalData
{
    private const int PageSize = 200;

    // Beyond '/' and '\', which names never have: what Windows refuses when the export is unpacked there.
    private static readonly SearchValues<char> Awkward = SearchValues.Create("<>:\"|?*");

    public string Section => "media";

    public async Task ExportAsync(
        Guid userId, Func<string, Func<Stream, CancellationToken, Task>, Task> writeFile, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writeFile);
        List<MediaView> written = [];
        await foreach (MediaRecord record in ListAsync(userId, cancellationToken))
        {
            if (record.State != MediaState.Complete || await store.OpenAsync(record.Id, cancellationToken) is not { } content)
                continue;
            await using (content)
                await writeFile(ExportName(record), (target, cancellation) => content.CopyToAsync(target, cancellation));
            written.Add(record.ToView());
        }

        await writeFile("media.json", (target, cancellation) =>
            JsonSerializer.SerializeAsync(target, written, CoolChatJson.Options, cancellation));
    }

    /// <summary>
    /// Everything, when the messages go too. Otherwise open uploads, avatars and what no message shows: a message that stays keeps its
    /// pictures.
    /// </summary>
    public async Task EraseAsync(Guid userId, bool eraseMessages, CancellationToken cancellationToken)
    {
        await foreach (MediaRecord record in ListAsync(userId, cancellationToken))
        {
            if (!eraseMessages && record.State == MediaState.Complete && await grants.IsShownAsync(record.Id, cancellationToken))
                continue;
            if (await records.MarkDeletingAsync(record.Id, record.State, cancellationToken))
                await remove.ExecuteAsync(record.Id, cancellationToken);
        }
    }

    private static string ExportName(MediaRecord record)
    {
        string name = string.Concat(record.FileName.Select(letter => Awkward.Contains(letter) ? '_' : letter));
        return $"files/{record.Id:D}-{name}";
    }

    private async IAsyncEnumerable<MediaRecord> ListAsync(
        Guid owner, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Guid after = Guid.Empty;
        while (await records.ListOwnedAsync(owner, after, PageSize, cancellationToken) is { Count: > 0 } page)
        {
            foreach (MediaRecord record in page)
                yield return record;
            after = page[^1].Id;
        }
    }
}
