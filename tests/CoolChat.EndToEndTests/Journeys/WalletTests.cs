using System.Net;
using System.Net.Http.Json;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Journeys;

/// <summary>Wallets come and go, the account and its history stay.</summary>
public sealed class WalletTests(Server server)
{
    [Fact]
    public async Task Rotation_LinkMakePrimaryUnlink_KeepsTheAccountAndItsHistory()
    {
        TestPerson[] people = await server.PeopleAsync(2);
        (TestPerson me, TestPerson friend) = (people[0], people[1]);
        Guid direct = await Steps.DirectAsync(me, friend);
        await me.Client.SendTextAsync(direct, "from the old wallet");
        WalletKey fresh = WalletKey.Create();
        using HttpClient http = Steps.Http(server.Url, me);

        MeView linked = await ReadAsync(await LinkAsync(http, fresh));
        Assert.Equal([(me.Key.Address, true), (fresh.Address, false)], linked.Wallets.Select(wallet => (wallet.Address, wallet.Primary)));
        MeView primary = await ReadAsync(await http.PatchAsJsonAsync($"user/wallets/{fresh.Address}", new WalletChanges { Primary = true }, CoolChatJson.Options));
        Assert.Equal(fresh.Address, primary.Address);
        Assert.Equal(fresh.Address, (await friend.Client.People.ProfileAsync(me.Id.ToString())).Address);
        // Both addresses lead to the same person as long as both are linked.
        Assert.Equal(me.Id, (await friend.Client.People.ProfileAsync(me.Key.Address)).UserId);
        MeView unlinked = await ReadAsync(await http.DeleteAsync(new Uri($"user/wallets/{me.Key.Address}", UriKind.Relative)));
        Assert.Equal([fresh.Address], unlinked.Wallets.Select(wallet => wallet.Address));

        await using TestPerson again = await TestPerson.ConnectAsync(server.Url, fresh);
        Assert.Equal(me.Id, again.Id);
        await again.Client.SendTextAsync(direct, "from the new wallet");
        ConversationState seen = await friend.SeesAsync(direct, state => state.Messages.Count == 2, "both messages are there");
        Assert.Equal(["from the old wallet", "from the new wallet"], seen.Messages.Select(message => message.Content!.Text));
        Assert.All((await friend.Client.Chat.MessagesAsync(direct)).Items, message => Assert.Equal(me.Id, message.Sender));

        // The wallet that was unlinked is nobody's: whoever holds it begins anew.
        await using TestPerson stranger = await TestPerson.SignInAsync(server.Url, me.Key);
        Assert.NotEqual(me.Id, stranger.Id);
        await Steps.RefusedAsync(ErrorCodes.NotFound, () => stranger.Client.Chat.GetAsync(direct));
        foreach (TestPerson person in people)
            await person.DisposeAsync();
    }

    [Fact]
    public async Task Link_WhatIsNotOnesOwn_IsRefused()
    {
        TestPerson[] people = await server.PeopleAsync(2);
        using HttpClient http = Steps.Http(server.Url, people[0]);
        await RefusedAsync(await LinkAsync(http, people[1].Key), HttpStatusCode.Conflict, "wallet_taken");

        WalletKey awaited = WalletKey.Create();
        await people[1].Client.Chat.OpenDirectAsync(awaited.Address);
        await RefusedAsync(await LinkAsync(http, awaited), HttpStatusCode.Conflict, "wallet_awaited");

        WalletKey mine = WalletKey.Create();
        WalletProof proof = await Steps.SignLinkAsync(http, mine);
        WalletProof forged = proof with { Signature = WalletKey.Create().SignMessage(proof.Message) };
        await Refused.AssertAsync(await http.PostAsJsonAsync("user/wallets", forged, CoolChatJson.Options));
        // A message is judged once: after a wrong signature not even the right one counts.
        await Refused.AssertAsync(await http.PostAsJsonAsync("user/wallets", proof, CoolChatJson.Options));

        await RefusedAsync(await http.DeleteAsync(new Uri($"user/wallets/{people[0].Key.Address}", UriKind.Relative)), HttpStatusCode.Conflict, "last_wallet");
        await RefusedAsync(await http.DeleteAsync(new Uri($"user/wallets/{people[1].Key.Address}", UriKind.Relative)), HttpStatusCode.NotFound, ErrorCodes.NotFound);
        Assert.Equal(people[0].Key.Address, Assert.Single((await people[0].Client.People.MeAsync()).Wallets).Address);
        foreach (TestPerson person in people)
            await person.DisposeAsync();
    }

    private static async Task<HttpResponseMessage> LinkAsync(HttpClient http, WalletKey key) =>
        await http.PostAsJsonAsync("user/wallets", await Steps.SignLinkAsync(http, key), CoolChatJson.Options);

    private static async Task<MeView> ReadAsync(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<MeView>(CoolChatJson.Options))!;
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        await Refused.AssertAsync(answer, status);
        Assert.Equal(code, await Refused.CodeAsync(answer));
    }
}
