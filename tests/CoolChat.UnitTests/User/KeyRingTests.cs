using System.Net;
using System.Text.Json;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.User.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CoolChat.UnitTests.User;

public sealed class KeyRingTests
{
    [Fact]
    public async Task Rotation_NewKey_IsPublishedBeforeItSignsAndTheOldOneWhileTokensLive()
    {
        await using UserHost host = await UserHost.StartAsync();
        KeyRing ring = host.Services.GetRequiredService<KeyRing>();
        string first = ring.Signer.Key.KeyId;
        host.Time.Advance(TimeSpan.FromDays(30));
        await ring.MaintainAsync(CancellationToken.None);
        string second = ring.Current[0].KeyId;
        Assert.NotEqual(first, second);
        Assert.Equal(first, ring.Signer.Key.KeyId);
        host.Time.Advance(KeyRing.LeadTime);
        await ring.MaintainAsync(CancellationToken.None);
        Assert.Equal(second, ring.Signer.Key.KeyId);
        Assert.Equal([second, first], ring.Current.Select(static key => key.KeyId));
        host.Time.Advance(TimeSpan.FromMinutes(16));
        await ring.MaintainAsync(CancellationToken.None);
        Assert.Equal([second], ring.Current.Select(static key => key.KeyId));
    }

    [Fact]
    public async Task Rotation_TokenOfTheOldKey_WorksUntilItExpires()
    {
        await using UserHost host = await UserHost.StartAsync();
        KeyRing ring = host.Services.GetRequiredService<KeyRing>();
        host.Time.Advance(TimeSpan.FromDays(30));
        await ring.MaintainAsync(CancellationToken.None);
        AuthResult old = await host.SignInAsync();
        host.Time.Advance(KeyRing.LeadTime);
        await ring.MaintainAsync(CancellationToken.None);
        AuthResult fresh = await host.SignInAsync();
        Assert.NotEqual(old.AccessToken.Split('.')[0], fresh.AccessToken.Split('.')[0]);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/user/me", old.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/user/me", fresh.AccessToken)).Status);
    }

    [Fact]
    public async Task Jwks_Anonymous_TellsPublicPartsOnly()
    {
        await using UserHost host = await UserHost.StartAsync();
        using JsonDocument set = JsonDocument.Parse((await host.GetAsync("/.well-known/jwks.json")).Content);
        JsonElement key = set.RootElement.GetProperty("keys")[0];
        Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"], key.EnumerateObject().Select(static part => part.Name).Order(StringComparer.Ordinal));
        Assert.Equal(host.Services.GetRequiredService<IVerificationKeys>().Current[0].KeyId, key.GetProperty("kid").GetString());
    }

    [Fact]
    public async Task File_WithPrivateKeys_IsReadableByItsOwnerOnly()
    {
        await using UserHost host = await UserHost.StartAsync();
        await host.SignInAsync(WalletKey.Create());
        foreach (string file in Directory.GetFiles(host.Folder, "user.db*").Where(static file => !file.EndsWith(".lock", StringComparison.Ordinal)))
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
    }
}
