using Microsoft.Extensions.Options;

namespace CoolChat.Media;

/// <summary>
/// An S3-compatible store (AWS, MinIO, Ceph, Swift ...) for the bytes of media: section <c>Media:S3</c>, used when <c>Media:Store</c> is
/// <c>s3</c>. The bucket is ours, or what lies under the prefix is.
/// </summary>
public sealed class S3MediaOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Media:S3";

    /// <summary>Address of the store, like <c>https://minio.example.org</c>; without it AWS in <see cref="Region"/>.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Region that requests are signed for; us-east-1 by default.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>The bucket.</summary>
    public string? Bucket { get; set; }

    /// <summary>What every object's name begins with; nothing by default. Ends with a slash.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Access key; without it and <see cref="SecretKey"/> the SDK's usual places are looked up, such as the machine's role.</summary>
    public string? AccessKey { get; set; }

    /// <summary>Secret key of <see cref="AccessKey"/>.</summary>
    public string? SecretKey { get; set; }

    /// <summary>Whether the bucket is made at the start when it isn't there; false by default.</summary>
    public bool CreateBucket { get; set; }
}

/// <summary>Says at start which keys are missing or wrong, all at once.</summary>
internal sealed class S3MediaOptionsValidator : IValidateOptions<S3MediaOptions>
{
    public ValidateOptionsResult Validate(string? name, S3MediaOptions options)
    {
        List<string> failures = [];
        if (string.IsNullOrWhiteSpace(options.Bucket))
            Fail(nameof(options.Bucket), "is not set: name the bucket.");
        if (string.IsNullOrWhiteSpace(options.Region))
            Fail(nameof(options.Region), "is empty.");
        if (options.Endpoint is { } endpoint && !(Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"))
            Fail(nameof(options.Endpoint), "is no address like https://s3.example.org.");
        if (options.Prefix is not "" && !options.Prefix.EndsWith('/'))
            Fail(nameof(options.Prefix), "must end with a slash.");
        if (string.IsNullOrEmpty(options.AccessKey) && !string.IsNullOrEmpty(options.SecretKey))
            Fail(nameof(options.AccessKey), "is not set, but SecretKey is.");
        if (string.IsNullOrEmpty(options.SecretKey) && !string.IsNullOrEmpty(options.AccessKey))
            Fail(nameof(options.SecretKey), "is not set, but AccessKey is.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Fail(string key, string what) => failures.Add($"{S3MediaOptions.Section}:{key} {what}");
    }
}
