using System.Globalization;
using Microsoft.Extensions.Options;

namespace CoolChat.Media;

/// <summary>Settings of the media service: section <c>Media</c>.</summary>
public sealed class MediaOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Media";

    /// <summary>
    /// Where the bytes are: <c>disk</c>, a folder in the data folder and the default of standalone, or <c>s3</c>, which the cluster needs and
    /// <see cref="S3MediaOptions"/> describes.
    /// </summary>
    public string? Store { get; set; }

    /// <summary>Largest file in bytes; 2 GiB by default.</summary>
    public long MaxFileBytes { get; set; } = 2L << 30;

    /// <summary>Bytes that one person may keep on the server, open uploads included; 20 GiB by default.</summary>
    public long QuotaBytes { get; set; } = 20L << 30;

    /// <summary>Uploads that one person may have open at once; 32 by default.</summary>
    public int MaxOpenUploads { get; set; } = 32;

    /// <summary>Size of a part in bytes; 8 MiB by default. Grows for files that would need more than 1,000 parts.</summary>
    public long PartBytes { get; set; } = 8L << 20;

    /// <summary>Free space that uploads leave on the disk; 256 MiB by default.</summary>
    public long ReserveBytes { get; set; } = 256L << 20;

    /// <summary>How long an upload may take; then it is swept. 24 hours by default.</summary>
    public TimeSpan UploadLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long an object that nothing shows is kept after its upload: time to send the message. 7 days by default.</summary>
    public TimeSpan UnshownLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a download's signed address is valid; 5 minutes by default.</summary>
    public TimeSpan AddressLifetime { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>Says at start which keys are out of range, all at once.</summary>
internal sealed class MediaOptionsValidator : IValidateOptions<MediaOptions>
{
    public ValidateOptionsResult Validate(string? name, MediaOptions options)
    {
        List<string> failures = [];
        Check(options.MaxFileBytes, 1, 1L << 40, nameof(options.MaxFileBytes));
        Check(options.QuotaBytes, 1, 1L << 50, nameof(options.QuotaBytes));
        Check(options.MaxOpenUploads, 1, 1000, nameof(options.MaxOpenUploads));
        Check(options.PartBytes, 1024, 1L << 29, nameof(options.PartBytes));
        Check(options.ReserveBytes, 0, 1L << 50, nameof(options.ReserveBytes));
        Check(options.UploadLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30), nameof(options.UploadLifetime));
        Check(options.UnshownLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650), nameof(options.UnshownLifetime));
        Check(options.AddressLifetime, TimeSpan.FromSeconds(10), TimeSpan.FromDays(1), nameof(options.AddressLifetime));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check<T>(T value, T least, T most, string key) where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
                failures.Add(string.Create(CultureInfo.InvariantCulture, $"{MediaOptions.Section}:{key} is {value}; it must be {least} to {most}."));
        }
    }
}
