namespace CoolChat.Media.Uploads;

/// <summary>How many parts of one upload come in at once: each takes its size of the disk, so whoever has an address must not open thousands.</summary>
internal sealed class PartSlots
{
    public const int PerUpload = 16;
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, int> _taken = [];

    /// <summary>Null when all are taken; disposing gives the slot back.</summary>
    public IDisposable? TryTake(Guid uploadId)
    {
        lock (_gate)
        {
            int taken = _taken.GetValueOrDefault(uploadId);
            if (taken >= PerUpload)
                return null;
            _taken[uploadId] = taken + 1;
        }

        return new Slot(this, uploadId);
    }

    private void Return(Guid uploadId)
    {
        lock (_gate)
        {
            if (--_taken[uploadId] == 0)
                _taken.Remove(uploadId);
        }
    }

    private sealed class Slot(PartSlots owner, Guid uploadId) : IDisposable
    {
        private PartSlots? _owner = owner;

        public void Dispose() => Interlocked.Exchange(ref _owner, null)?.Return(uploadId);
    }
}
