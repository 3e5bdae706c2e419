using System.Net;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.EndToEndTests.Refusals;
using CoolChat.Testing;
using Microsoft.AspNetCore.SignalR.Client;

namespace CoolChat.EndToEndTests.Host;

/// <summary>The limits that the other suites switch off.</summary>
public sealed class RateLimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Task<StandaloneProcess> StartAsync(params (string Key, string Value)[] settings) => StandaloneProcess.StartAsync(
        new StandaloneSettings { Configuration = settings.ToDictionary(setting => setting.Key, setting => setting.Value) }, Token);

    [Fact]
    public async Task MessagesOfAPerson_BeyondTheirBudget_AreRefusedOnBothWays_AndTheSdkWaits()
    {
        await using StandaloneProcess server = await StartAsync(("RateLimits:Chat:Messages:PerSecond", "1"), ("RateLimits:Chat:Messages:Burst", "3"));
        await using TestPerson person = await TestPerson.SignInAsync(server.Url, cancellationToken: Token);
        await using TestPerson other = await TestPerson.SignInAsync(server.Url, cancellationToken: Token);
        Guid notes = (await person.Client.Chat.OpenDirectAsync(person.Id.ToString(), Token)).Id;
        await using HubConnection hub = RawHub.Json(server.Url, person.Client.Tokens.AccessToken);
        await hub.StartAsync(Token);

        CommandResult[] live = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => hub.InvokeAsync<CommandResult>(HubMethods.Submit, Steps.Text(notes, "fast"), Token)));
        Assert.Contains(live, result => result.Ok);
        Assert.All(live.Where(result => !result.Ok), result => Assert.Equal((ErrorCodes.RateLimited, true), (result.Error!.Code, result.Error.RetryAfter >= 1)));
        Assert.Contains(live, result => !result.Ok);
        CoolChatException rest = await Assert.ThrowsAsync<CoolChatException>(async () =>
        {
            for (int i = 0; i < 20; i++)
                await person.Client.Chat.SubmitAsync(Steps.Text(notes, "fast"), Token);
        });
        Assert.Equal((HttpStatusCode.TooManyRequests, ErrorCodes.RateLimited, true), (rest.Status, rest.Code, rest.RetryAfter >= TimeSpan.FromSeconds(1)));

        // Others have their own budget, and a client that waits gets through.
        Guid theirs = (await other.Client.Chat.OpenDirectAsync(other.Id.ToString(), Token)).Id;
        Assert.NotNull((await other.Client.Chat.SubmitAsync(Steps.Text(theirs, "calm"), Token)).Seq);
        CommandResult[] patient = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => person.Client.SendTextAsync(notes, "patient", cancellationToken: Token)));
        Assert.All(patient, result => Assert.NotNull(result.Seq));
    }

    [Fact]
    public async Task RequestsOfAnAddress_BeyondItsBudget_AreRefusedWithACode_AndProbesAreNot()
    {
        await using StandaloneProcess server = await StartAsync(("RateLimits:Http:PerSecond", "1"), ("RateLimits:Http:Burst", "5"));
        using Probe probe = await Probe.StartAsync(server.Url);
        HttpResponseMessage? refused = null;
        for (int i = 0; i < 50 && refused is null; i++)
        {
            HttpResponseMessage answer = await probe.Http.GetAsync(new Uri("user/auth/config", UriKind.Relative), Token);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                refused = answer;
        }
        Assert.NotNull(refused);
        await Refused.AssertAsync(refused, HttpStatusCode.TooManyRequests);
        Assert.Equal(ErrorCodes.RateLimited, await Refused.CodeAsync(refused));
        Assert.NotNull(refused.Headers.RetryAfter);
        foreach (string path in new[] { "health", "alive", "metrics" })
            Assert.Equal(HttpStatusCode.OK, (await probe.Http.GetAsync(new Uri(path, UriKind.Relative), Token)).StatusCode);
    }
}
