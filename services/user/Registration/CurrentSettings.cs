using CoolChat.Contracts;
using Microsoft.Extensions.Options;

namespace CoolChat.User.Registration;

/// <summary>Name and registration policy: what the owner set in the app, else what is configured.</summary>
internal sealed class CurrentSettings(IServerStore store, IOptions<RegistrationOptions> options)
{
    private const string NameKey = "server-name";
    private const string PolicyKey = "registration";

    public async Task<string> NameAsync(CancellationToken cancellationToken) =>
        await store.SettingAsync(NameKey, cancellationToken) ?? options.Value.ServerName;

    public async Task<string> PolicyAsync(CancellationToken cancellationToken) =>
        await store.SettingAsync(PolicyKey, cancellationToken) ?? options.Value.Policy;

    public async Task<ServerSettings> ReadAsync(CancellationToken cancellationToken) =>
        new() { Name = await NameAsync(cancellationToken), Registration = await PolicyAsync(cancellationToken) };

    /// <summary>Sets what is not null; both were validated.</summary>
    public async Task ChangeAsync(string? name, string? policy, CancellationToken cancellationToken)
    {
        if (name is not null)
            await store.SetAsync(NameKey, name, cancellationToken);
        if (policy is not null)
            await store.SetAsync(PolicyKey, policy, cancellationToken);
    }
}
