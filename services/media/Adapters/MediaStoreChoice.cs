using CoolChat.Engines;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace CoolChat.Media.Adapters;

/// <summary>Which store holds the bytes: said by <c>Media:Store</c>, never guessed from the settings that are there.</summary>
internal sealed class MediaStoreChoice(IConfiguration configuration) : IValidateOptions<MediaOptions>
{
    public const string S3 = "s3";
    private const string Disk = "disk";
    private const string Key = MediaOptions.Section + ":" + nameof(MediaOptions.Store);

    public static string Of(IConfiguration configuration) => configuration[Key] ?? (Shape.IsCluster(configuration) ? S3 : Disk);

    public ValidateOptionsResult Validate(string? name, MediaOptions options) => Of(configuration) switch
    {
        S3 => ValidateOptionsResult.Success,
        Disk when Shape.IsCluster(configuration) => ValidateOptionsResult.Fail($"{Key} is '{Disk}', but the services of a cluster share a store: set it to '{S3}'."),
        Disk when configuration.GetSection(S3MediaOptions.Section).GetChildren().FirstOrDefault() is { } setting =>
            ValidateOptionsResult.Fail($"{setting.Path} is set, but {Key} is '{Disk}': set it to '{S3}', or remove the setting."),
        Disk => ValidateOptionsResult.Success,
        string other => ValidateOptionsResult.Fail($"{Key} is '{other}'; it must be '{Disk}' or '{S3}'."),
    };
}
