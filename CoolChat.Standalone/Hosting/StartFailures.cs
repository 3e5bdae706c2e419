using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace CoolChat.Standalone.Hosting;

/// <summary>Words a failed start: one line for what the owner can mend; anything else is a bug and shows everything.</summary>
internal static class StartFailures
{
    public static string? Describe(Exception failure) => failure switch
    {
        StartException => failure.Message,
        OptionsValidationException options => $"Configuration: {string.Join(' ', options.Failures)}",
        AddressInUseException => ListenAddresses.InUse("this server", failure).Message,
        IOException { InnerException: AddressInUseException } io => io.Message,
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } when UnknownSetting(failure.Message) is { } key =>
            $"Configuration: there is no setting '{key}' in that section; docs/settings.md lists them.",
        // The binder's own words name the key.
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => $"Configuration: {failure.Message}",
        InvalidDataException when failure.Message.Contains("appsettings", StringComparison.Ordinal) => $"Configuration: {failure.Message}",
        AggregateException { InnerExceptions.Count: > 0 } many => Describe(many.InnerExceptions[0]),
        { InnerException: { } inner } => Describe(inner),
        _ => null,
    };

    /// <summary>The binder's words about it are about types: "... were not found on the instance of CoolChat.Media.MediaOptions: 'PartByte'".</summary>
    private static string? UnknownSetting(string message) =>
        message.StartsWith("'ErrorOnUnknownConfiguration'", StringComparison.Ordinal) && message.Split('\'') is [.., { Length: > 0 } name, _] ? name : null;
}
