using System.IO.Compression;
using System.Net;
using System.Text;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CoolChat.UnitTests.User;

public sealed class DataApiTests
{
    [Fact]
    public async Task Export_AllSections_IsAZipOfEverything()
    {
        OtherSection chat = new();
        await using UserHost host = await UserHost.StartAsync(configure: services => services.AddSingleton<IPersonalData>(chat));
        AuthResult me = await host.SignInAsync();
        AuthResult friend = await host.SignInAsync();
        await host.SendAsync(HttpMethod.Patch, "/user/me", new ProfileChanges { DisplayName = "Mira" }, me.AccessToken);
        await host.SendAsync(HttpMethod.Put, $"/user/contacts/{friend.User.UserId}", null, me.AccessToken);
        Answer export = await host.GetAsync("/user/me/export", me.AccessToken);
        Assert.Equal(HttpStatusCode.OK, export.Status);
        using ZipArchive zip = new(new MemoryStream(export.Content));
        Assert.Equal(
            ["chat/messages.json", "user/blocks.json", "user/contacts.json", "user/profile.json", "user/sessions.json"],
            zip.Entries.Select(static entry => entry.FullName).Order(StringComparer.Ordinal));
        Assert.Contains("Mira", await ReadAsync(zip, "user/profile.json"), StringComparison.Ordinal);
        Assert.Contains(friend.User.Address, await ReadAsync(zip, "user/contacts.json"), StringComparison.Ordinal);
        Assert.Equal(OtherSection.Bytes, Encoding.UTF8.GetByteCount(await ReadAsync(zip, "chat/messages.json")));
    }

    [Fact]
    public async Task Delete_Confirmed_LeavesATombstoneAndFreesTheAddress()
    {
        OtherSection chat = new();
        await using UserHost host = await UserHost.StartAsync(configure: services => services.AddSingleton<IPersonalData>(chat));
        List<AccountDeleted> told = [];
        using IDisposable heard = host.Services.GetRequiredService<IIntegrationEvents>().Subscribe<AccountDeleted>((deleted, _) =>
        {
            told.Add(deleted);
            return ValueTask.CompletedTask;
        });
        WalletKey key = WalletKey.Create();
        AuthResult me = await host.SignInAsync(key);
        AuthResult other = await host.SignInAsync();
        await host.SendAsync(HttpMethod.Patch, "/user/me", new ProfileChanges { DisplayName = "Mira" }, me.AccessToken);
        (await host.SendAsync(HttpMethod.Delete, "/user/me", new DeleteAccountRequest { Confirm = "yes" }, me.AccessToken))
            .Refused(HttpStatusCode.BadRequest, ErrorCodes.Invalid, "confirm");
        Answer deleted = await host.SendAsync(
            HttpMethod.Delete, "/user/me", new DeleteAccountRequest { Confirm = me.User.Address, EraseMessages = true }, me.AccessToken);
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.GetAsync("/user/me", me.AccessToken)).Status);
        Assert.Equal((me.User.UserId, true), Assert.Single(chat.Erased));
        Assert.Equal(me.User.UserId, Assert.Single(told).UserId);
        ProfileView tombstone = await host.GetAsync<ProfileView>($"/user/profiles/{me.User.UserId}", other.AccessToken);
        Assert.Equal(new ProfileView { UserId = me.User.UserId, Address = "0x" + new string('0', 40), Deleted = true }, tombstone);
        Assert.Empty((await host.GetAsync<Page<ProfileView>>("/user/search?q=mira", other.AccessToken)).Items);
        Assert.NotEqual(me.User.UserId, (await host.SignInAsync(key)).User.UserId);
    }

    [Fact]
    public async Task Delete_InterruptedByACrash_IsFinishedAtTheNextStart()
    {
        OtherSection broken = new() { Fails = true };
        UserHost first = await UserHost.StartAsync(configure: services => services.AddSingleton<IPersonalData>(broken));
        AuthResult me = await first.SignInAsync();
        Answer failed = await first.SendAsync(HttpMethod.Delete, "/user/me", new DeleteAccountRequest { Confirm = me.User.Address }, me.AccessToken);
        Assert.Equal(HttpStatusCode.InternalServerError, failed.Status);
        OtherSection mended = new();
        await using UserHost second = await UserHost.StartAsync(await first.StopAsync(), services => services.AddSingleton<IPersonalData>(mended));
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(60));
        while (mended.Erased.IsEmpty)
            await Task.Delay(10, deadline.Token);
        Assert.Equal((me.User.UserId, false), Assert.Single(mended.Erased));
    }

    private static async Task<string> ReadAsync(ZipArchive zip, string name)
    {
        using StreamReader reader = new(await zip.GetEntry(name)!.OpenAsync());
        return await reader.ReadToEndAsync();
    }

    /// <summary>Stands for another service's part.</summary>
    private sealed class OtherSection : IPersonalData
    {
        public const int Bytes = 300_000;

        public bool Fails { get; init; }

        public System.Collections.Concurrent.ConcurrentQueue<(Guid, bool)> Erased { get; } = [];

        public string Section => "chat";

        public Task ExportAsync(Guid userId, Func<string, Func<Stream, CancellationToken, Task>, Task> writeFile, CancellationToken cancellationToken) =>
            writeFile("messages.json", async (stream, token) => await stream.WriteAsync(new byte[Bytes].Select(static _ => (byte)'x').ToArray(), token));

        public Task EraseAsync(Guid userId, bool eraseMessages, CancellationToken cancellationToken)
        {
            if (Fails)
                throw new IOException("The disk is away.");
            Erased.Enqueue((userId, eraseMessages));
            return Task.CompletedTask;
        }
    }
}
