using System.Data.Common;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace CoolChat.Media;

/// <summary>
/// <c>ConnectionStrings:s3</c>, in which a deployment hands over a whole store: <c>Endpoint=http://minio:9000;AccessKey=...;SecretKey=...;Bucket=...;Region=...</c>.
/// Keys of section <c>Media:S3</c> are stronger.
/// </summary>
internal sealed class S3ConnectionString(IConfiguration configuration) : IConfigureOptions<S3MediaOptions>
{
    public const string Key = "ConnectionStrings:s3";

    public void Configure(S3MediaOptions options)
    {
        if (configuration[Key] is not { Length: > 0 } text)
            return;
        DbConnectionStringBuilder parts = [];
        try
        {
            parts.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            // The parser's message may quote what it was given, and with it a secret.
            throw new StartException($"{Key} must read Endpoint=...;AccessKey=...;SecretKey=...;Bucket=...;Region=...");
        }
        options.Endpoint = Part("Endpoint");
        options.AccessKey = Part("AccessKey");
        options.SecretKey = Part("SecretKey");
        options.Bucket = Part("Bucket");
        options.Region = Part("Region") ?? options.Region;

        string? Part(string name) => parts.TryGetValue(name, out object? value) && value is string { Length: > 0 } part ? part : null;
    }
}
