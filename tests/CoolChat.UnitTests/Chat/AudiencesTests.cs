using CoolChat.Chat;
using CoolChat.Chat.Realtime;
using CoolChat.Contracts;
using Xunit;

namespace CoolChat.UnitTests.Chat;

public sealed class AudiencesTests
{
    private static readonly Guid User = Guid.CreateVersion7();
    private static readonly Guid Room = Guid.CreateVersion7();
    private static readonly Guid Other = Guid.CreateVersion7();

    private readonly HeldMemberships _memberships = new();
    private readonly Audiences _audiences;
    private readonly ChatMetrics _metrics = RealtimeParts.Metrics();
    private readonly FakeSink _sink = new();
    private readonly ClientConnection _connection;

    public AudiencesTests()
    {
        _audiences = new Audiences(_memberships.ListAsync);
        _connection = RealtimeParts.Connect(User, _sink, _metrics, frames: 100, bytes: 100_000);
    }

    [Fact]
    public async Task Add_KnownMember_HearsTheirConversationsOnly()
    {
        _memberships.Now = [Room];
        await _audiences.AddAsync(_connection);

        Say(Room);
        Say(Other);

        Assert.Single(_sink.Taken);
    }

    [Fact]
    public async Task Join_WhileLoading_IsNotLostThoughTheReadIsOlder()
    {
        _memberships.Hold();
        Task added = _audiences.AddAsync(_connection);
        _audiences.Join(Room, [User]);
        _memberships.Answer();
        await added;

        Say(Room);

        Assert.Single(_sink.Taken);
    }

    [Fact]
    public async Task Leave_WhileLoading_WinsOverTheOlderRead()
    {
        _memberships.Hold();
        Task added = _audiences.AddAsync(_connection);
        await RealtimeParts.EventuallyAsync(() => _memberships.Reads == 1, "the read begins");
        _audiences.Leave(Room, [User]);
        _memberships.Answer(Room);
        await added;

        Say(Room);

        Assert.Empty(_sink.Taken);
    }

    [Fact]
    public async Task JoinAndLeave_WhileLoading_TheLastOneHolds()
    {
        _memberships.Hold();
        Task added = _audiences.AddAsync(_connection);
        await RealtimeParts.EventuallyAsync(() => _memberships.Reads == 1, "the read begins");
        _audiences.Leave(Room, [User]);
        _audiences.Join(Room, [User]);
        _audiences.Join(Other, [User]);
        _audiences.Leave(Other, [User]);
        _memberships.Answer(Other);
        await added;

        Say(Room);
        Say(Other);

        Assert.Single(_sink.Taken);
        Assert.True(_audiences.IsHeard(Room));
        Assert.False(_audiences.IsHeard(Other));
    }

    [Fact]
    public async Task Add_SecondConnection_WaitsForTheSameRead()
    {
        _memberships.Hold();
        Task first = _audiences.AddAsync(_connection);
        FakeSink secondSink = new();
        Task second = _audiences.AddAsync(RealtimeParts.Connect(User, secondSink, _metrics));
        await RealtimeParts.EventuallyAsync(() => _memberships.Reads == 1, "the read begins");
        Assert.False(second.IsCompleted);
        _memberships.Answer(Room);
        await Task.WhenAll(first, second);

        Say(Room);

        Assert.Single(_sink.Taken);
        Assert.Single(secondSink.Taken);
        Assert.Equal(1, _memberships.Reads);
    }

    [Fact]
    public async Task Forget_LastConnection_LeavesNothingBehind()
    {
        _memberships.Now = [Room];
        await _audiences.AddAsync(_connection);

        Assert.True(_audiences.Forget(_connection, out bool last));
        Assert.True(last);
        Assert.False(_audiences.IsHeard(Room));
        Assert.False(_audiences.IsHere(User));
        Assert.False(_audiences.Forget(_connection, out _));
    }

    [Fact]
    public async Task Forget_WhileLoading_HearsNothingAfterwards()
    {
        _memberships.Hold();
        Task added = _audiences.AddAsync(_connection);
        _audiences.Forget(_connection, out _);
        _memberships.Answer(Room);
        await added;

        Assert.False(_audiences.IsHeard(Room));
    }

    [Fact]
    public async Task Add_WhenTheReadFails_FailsAndAborts_AndTheNextOneReadsAnew()
    {
        _memberships.Hold();
        Task added = _audiences.AddAsync(_connection);
        await RealtimeParts.EventuallyAsync(() => _memberships.Reads == 1, "the read begins");
        _memberships.Fail();
        await Assert.ThrowsAsync<IOException>(() => added);
        Assert.True(_sink.Aborted);
        _audiences.Forget(_connection, out _);

        _memberships.Now = [Room];
        await _audiences.AddAsync(RealtimeParts.Connect(User, new FakeSink(), _metrics));

        Assert.True(_audiences.IsHeard(Room));
    }

    [Fact]
    public async Task ResyncEverybody_ReadsMembershipsAnewAndThenTells()
    {
        _memberships.Now = [Room];
        await _audiences.AddAsync(_connection);
        _memberships.Now = [Other];

        _audiences.ResyncEverybody();

        await RealtimeParts.EventuallyAsync(() => _sink.Taken.Count == 1, "Resync is sent");
        Assert.Equal(HubMethods.Resync, FakeSink.Read(_sink.Taken[0]).Target);
        Assert.True(_audiences.IsHeard(Other));
        Assert.False(_audiences.IsHeard(Room));
    }

    [Fact]
    public async Task ResyncEverybody_WhileAReadIsUnderWay_ReadsOnceMore()
    {
        _memberships.Hold();
        Task added = _audiences.AddAsync(_connection);
        await RealtimeParts.EventuallyAsync(() => _memberships.Reads == 1, "the read begins");
        _audiences.ResyncEverybody();
        _memberships.Now = [Other];
        _memberships.Answer(Room);
        await added;

        Assert.Equal(2, _memberships.Reads);
        Assert.True(_audiences.IsHeard(Other));
        Assert.False(_audiences.IsHeard(Room));
    }

    [Fact]
    public async Task Tables_UnderRacingJoinsLeavesAndConnections_EndAsTheMembershipsAre()
    {
        Guid[] rooms = [.. Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7())];
        Guid[] users = [.. Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7())];
        Lock gate = new();
        HashSet<(Guid User, Guid Room)> members = [];
        Queue<(Guid User, Guid Room, bool Joined)> toTell = new();
        Audiences audiences = new(async (user, _) =>
        {
            await Task.Yield();
            lock (gate)
                return [.. members.Where(m => m.User == user).Select(m => m.Room)];
        });
        Random random = new(7);
        Task writer = Task.Run(() =>
        {
            for (int i = 0; i < 5000; i++)
            {
                (Guid user, Guid room) = (users[random.Next(8)], rooms[random.Next(8)]);
                lock (gate)
                {
                    bool joined = members.Add((user, room));
                    if (!joined)
                        members.Remove((user, room));
                    toTell.Enqueue((user, room, joined));
                }
            }
        });
        Task fanout = Task.Run(async () =>
        {
            while (!writer.IsCompleted || toTell.Count > 0)
            {
                (Guid User, Guid Room, bool Joined)? next;
                lock (gate)
                    next = toTell.TryDequeue(out var told) ? told : null;
                if (next is not { } change)
                    await Task.Yield();
                else if (change.Joined)
                    audiences.Join(change.Room, [change.User]);
                else
                    audiences.Leave(change.Room, [change.User]);
            }
        });
        Task[] clients = [.. users.Select(user => Task.Run(async () =>
        {
            ClientConnection connection = RealtimeParts.Connect(user, new FakeSink(), _metrics);
            for (int i = 0; i < 200; i++)
            {
                await audiences.AddAsync(connection);
                if (i < 199)
                    audiences.Forget(connection, out _);
            }
        }))];
        await Task.WhenAll([writer, fanout, .. clients]).WaitAsync(TimeSpan.FromSeconds(60));

        foreach (Guid room in rooms)
        {
            HashSet<Guid> hearing = [];
            audiences.ForEach(room, hearing, (connection, heard) => heard.Add(connection.UserId));
            Assert.Equal(members.Where(m => m.Room == room).Select(m => m.User).Order(), hearing.Order());
        }
    }

    private void Say(Guid conversation) =>
        _audiences.Send(conversation, Frames.Make(HubMethods.Appended, new[] { RealtimeParts.Event(conversation, 1) }));
}
