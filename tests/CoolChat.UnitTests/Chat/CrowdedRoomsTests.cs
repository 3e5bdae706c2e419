using CoolChat.Chat.Realtime;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CoolChat.UnitTests.Chat;

public sealed class CrowdedRoomsTests
{
    private readonly Guid _room = Guid.CreateVersion7();
    private readonly FakeTimeProvider _time = new();
    private readonly CrowdedRooms _rooms;
    private readonly List<long[]> _delivered = [];
    private int _audience = 1000;

    public CrowdedRoomsTests() => _rooms = new CrowdedRooms(_ => _audience, _time);

    [Fact]
    public void Hold_OfAFewPeople_IsNotTaken()
    {
        _audience = 99;

        Assert.False(_rooms.Hold(RealtimeParts.Live(_room, 1)));
        Assert.Null(_rooms.UntilDue());
    }

    [Fact]
    public void Deliver_TheFirst_GoesAtOnce_AndTheNextTogetherWhenTheRestIsOver()
    {
        Hold(1);
        Deliver();
        Assert.Equal([1], Assert.Single(_delivered));

        Hold(2);
        Hold(3);
        Deliver();
        Assert.Single(_delivered);
        Assert.Equal(TimeSpan.FromMilliseconds(10), _rooms.UntilDue());

        _time.Advance(TimeSpan.FromMilliseconds(10));
        Deliver();
        Assert.Equal([2, 3], _delivered[1]);
        Assert.Null(_rooms.UntilDue());
    }

    [Fact]
    public void Deliver_AfterAQuietTime_GoesAtOnceAgain()
    {
        Hold(1);
        Deliver();
        _time.Advance(TimeSpan.FromSeconds(1));
        Deliver();

        Hold(2);
        Assert.Equal(TimeSpan.Zero, _rooms.UntilDue());
        Deliver();

        Assert.Equal(2, _delivered.Count);
    }

    [Fact]
    public void Deliver_ToMany_NeverRestsLong()
    {
        _audience = 1_000_000;
        Hold(1);
        Deliver();
        Hold(2);

        Assert.Equal(TimeSpan.FromMilliseconds(20), _rooms.UntilDue());
    }

    [Fact]
    public void Deliver_Everything_WaitsForNoRest()
    {
        Hold(1);
        Deliver();
        Hold(2);

        _rooms.Deliver(Note, everything: true);

        Assert.Equal(2, _delivered.Count);
    }

    [Fact]
    public void Hold_WhileTheAudienceShrinks_KeepsTheOrder()
    {
        Hold(1);
        Deliver();
        Hold(2);
        _audience = 3;

        Assert.True(_rooms.Hold(RealtimeParts.Live(_room, 3)));
        _time.Advance(TimeSpan.FromMilliseconds(20));
        Deliver();

        Assert.Equal([2, 3], _delivered[1]);
    }

    [Fact]
    public void Deliver_WhatFails_IsNotTriedAgain()
    {
        Hold(1);
        Assert.Throws<InvalidOperationException>(() => _rooms.Deliver(_ => throw new InvalidOperationException("It can't be delivered.")));

        _time.Advance(TimeSpan.FromSeconds(1));
        Deliver();

        Assert.Empty(_delivered);
    }

    private void Hold(long seq) => Assert.True(_rooms.Hold(RealtimeParts.Live(_room, (int)seq)));

    private void Deliver() => _rooms.Deliver(Note);

    private void Note(IReadOnlyList<LiveEvent> events) => _delivered.Add([.. events.Select(live => live.Event.Seq)]);
}
