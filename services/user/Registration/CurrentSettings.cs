using CoolChat.Contracts;
using Microsoft.Extensions.Options;

namespace CoolChat.User.Registration;

/// <summary>Name and registration policy: what the owner set in the app, else what is configured.</summary>
internal sealed class CurrentSettings(IServerStore store, IOptions<RegistrationOptions> options)
{
    public async Task<string> NameAsync(CancellationToken cancellationToken) =>
        await store.SettingAsync(SettingNames.ServerName, cancellationToken) ?? options.Value.ServerName;

    public async Task<string> PolicyAsync(CancellationToken cancellationToken) =>
        await store.SettingAsync(SettingNames.RegistrationPolicy, cancellationToken) ?? options.Value.Policy;

    public async Task<ServerSettings> ReadAsync(CancellationToken cancellationToken) =>
        new() { Name = await NameAsync(cancellationToken), Registration = await PolicyAsync(cancellationToken) };

    /// <summary>Sets what is not null; both were validated.</summary>
    public async Task ChangeAsync(string? name, string? policy, CancellationToken cancellationToken)
    {
        if (name is not null)
            await store.SetAsync(SettingNames.ServerName, name, cancellationToken);
        if (policy is not null)
            await store.SetAsync(SettingNames.RegistrationPolicy, policy, cancellationToken);
    }
}
