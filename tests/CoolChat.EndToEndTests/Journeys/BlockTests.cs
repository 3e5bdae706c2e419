using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Journeys;

public sealed class BlockTests(Server server)
{
    [Fact]
    public async Task Blocked_CanNeitherOpenNorWrite_UntilUnblocked()
    {
        TestPerson[] people = await server.PeopleAsync(3);
        Guid direct = await Steps.DirectAsync(people[0], people[1]);
        await people[1].Client.People.BlockAsync(people[0].Id);
        CoolChatException refusal = await Assert.ThrowsAsync<CoolChatException>(() => people[0].Client.SendTextAsync(direct, "hello?"));
        Assert.Equal(ErrorCodes.Forbidden, refusal.Code);

        await people[2].Client.People.BlockAsync(people[0].Id);
        await Steps.RefusedAsync(ErrorCodes.NotFound, () => Steps.DirectAsync(people[0], people[2]));
        TaskCompletionSource<PresenceNotice> told = new();
        people[0].Client.PresenceReceived += notices =>
        {
            if (notices.FirstOrDefault(notice => notice.UserId == people[1].Id && notice.Status == "online") is { } notice)
                told.TrySetResult(notice);
        };
        await people[0].Client.WatchPresenceAsync([people[1].Id]);

        await people[1].Client.People.UnblockAsync(people[0].Id);
        CommandResult again = await people[0].Client.SendTextAsync(direct, "friends again");
        await people[1].SeesAsync(direct, state => state.LastSeq >= again.Seq, "it arrives");
        Assert.False(told.Task.IsCompleted, "presence was told to somebody who was blocked");
        foreach (TestPerson person in people)
            await person.DisposeAsync();
    }
}
