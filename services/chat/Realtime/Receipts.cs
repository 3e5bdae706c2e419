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
            audiences.ForEach(conversation, (Conversation: conversation, Marks: marks, Frame: Notice(conversation, marks.Values), Blocks: blocks), Tell);
        return ValueTask.CompletedTask;
    }

    private static void Tell(
        ClientConnection connection, (Guid Conversation, Dictionary<Guid, ReceiptMark> Marks, SerializedHubMessage Frame, IBlockList Blocks) state)
    {
        int hidden = 0;
        foreach (Guid mover in state.Marks.Keys)
            hidden += IsFor(connection.UserId, mover, state.Blocks) ? 0 : 1;
        if (hidden == 0)
            connection.Send(state.Frame);
        else if (hidden < state.Marks.Count)
            connection.Send(Notice(state.Conversation, state.Marks.Values.Where(mark => IsFor(connection.UserId, mark.UserId, state.Blocks))));
    }

    /// <summary>The mover learns it from ConversationsChanged, and somebody whom the mover has blocked learns nothing.</summary>
    private static bool IsFor(Guid viewer, Guid mover, IBlockList blocks) => mover != viewer && !blocks.IsBlocked(mover, viewer);

    private static SerializedHubMessage Notice(Guid conversation, IEnumerable<ReceiptMark> marks) =>
        Frames.Make(HubMethods.Receipts, (ReceiptsNotice[])[new ReceiptsNotice { ConversationId = conversation, Marks = [.. marks] }]);
}
