using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;

namespace CoolChat.Chat.Realtime;

/// <summary>Tells how far others have received and read; the latest mark of each, a few times a second.</summary>
internal sealed class Receipts(Audiences audiences, IBlockList blocks, TimeProvider time, ILogger<Receipts> logger)
    : Coalescer(TimeSpan.FromMilliseconds(150), time, logger)
{
    private readonly Lock _gate = new();
    private Dictionary<Guid, Dictionary<Guid, ReceiptMark>> _moved = [];

    public void Mark(Guid conversationId, ReceiptMark mark)
    {
        if (!audiences.IsHeard(conversationId))
            return;
        lock (_gate)
        {
            if (!_moved.TryGetValue(conversationId, out Dictionary<Guid, ReceiptMark>? marks))
                _moved[conversationId] = marks = [];
            marks[mark.UserId] = mark;
        }
        Signal();
    }

    protected override ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Dictionary<Guid, Dictionary<Guid, ReceiptMark>> moved;
        lock (_gate)
        {
            moved = _moved;
            _moved = [];
        }
        foreach ((Guid conversation, Dictionary<Guid, ReceiptMark> marks) in moved)
        {
            ReceiptsNotice[] notice = [new ReceiptsNotice { ConversationId = conversation, Marks = [.. marks.Values] }];
            audiences.ForEach(conversation, (Frames.Make(HubMethods.Receipts, notice), Only(marks), blocks), Tell);
        }
        return ValueTask.CompletedTask;
    }

    private static Guid? Only(Dictionary<Guid, ReceiptMark> marks) => marks.Count == 1 ? marks.Keys.First() : null;

    private static void Tell(ClientConnection connection, (SerializedHubMessage Frame, Guid? Only, IBlockList Blocks) state)
    {
        // The mover learns it from ConversationsChanged, and somebody whom the mover has blocked learns nothing.
        if (state.Only is { } mover && (mover == connection.UserId || state.Blocks.IsBlocked(mover, connection.UserId)))
            return;
        connection.Send(state.Frame);
    }
}
