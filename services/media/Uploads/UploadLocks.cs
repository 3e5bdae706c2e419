namespace CoolChat.Media.Uploads;

/// <summary>
/// One step at a time for each upload: committing a part, completing, dropping. Receiving the bytes of parts needs no lock and
/// runs in parallel. Locks exist only while somebody holds or awaits them.
/// </summary>
internal sealed class UploadLocks
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Entry> _entries = [];

    public async ValueTask<IDisposable> EnterAsync(Guid uploadId, CancellationToken cancellationToken)
    {
        Entry entry;
        lock (_gate)
        {
            if (!_entries.TryGetValue(uploadId, out entry!))
                _entries[uploadId] = entry = new Entry();
            entry.Users++;
        }

        try
        {
            await entry.Semaphore.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(uploadId, entry);
            throw;
        }

        return new Holder(this, uploadId, entry);
    }

    private void Leave(Guid uploadId, Entry entry)
    {
        lock (_gate)
        {
            if (--entry.Users > 0)
                return;
            _entries.Remove(uploadId);
            entry.Semaphore.Dispose();
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Semaphore { get; } = new(1, 1);

        public int Users { get; set; }
    }

    private sealed class Holder(UploadLocks owner, Guid uploadId, Entry entry) : IDisposable
    {
        private Entry? _entry = entry;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _entry, null) is not { } held)
                return;
            held.Semaphore.Release();
            owner.Leave(uploadId, held);
        }
    }
}
