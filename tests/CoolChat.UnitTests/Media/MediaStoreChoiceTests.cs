using CoolChat.Media;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Xunit;

namespace CoolChat.UnitTests.Media;

public sealed class MediaStoreChoiceTests
{
    [Theory]
    [InlineData("Media:S3:Bucket", "Media:Store=s3")]
    [InlineData("Media:S3:Bucket", "CoolChat:Shape=cluster")]
    [InlineData("Media:S3:SecretKey", "Media:Store=s3", "Media:S3:Bucket=b", "Media:S3:AccessKey=a")]
    [InlineData("Media:S3:AccessKey", "Media:Store=s3", "Media:S3:Bucket=b", "Media:S3:SecretKey=a")]
    [InlineData("Media:S3:Endpoint", "Media:Store=s3", "Media:S3:Bucket=b", "Media:S3:Endpoint=minio")]
    [InlineData("Media:S3:Prefix", "Media:Store=s3", "Media:S3:Bucket=b", "Media:S3:Prefix=chat")]
    [InlineData("Media:S3:Bucket", "Media:S3:Bucket=b")]
    [InlineData("Media:Store", "Media:Store=tape")]
    [InlineData("Media:Store", "Media:Store=disk", "CoolChat:Shape=cluster", "ConnectionStrings:mongodb=mongodb://127.0.0.1:1/media")]
    public async Task Start_HalfConfigured_NamesTheKey(string key, params string[] settings)
    {
        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(
            () => MediaHost.StartAsync([.. settings.Select(setting => setting.Split('=')).Select(pair => (pair[0], pair[1]))]));
        Assert.Contains(failure.Failures, text => text.StartsWith(key + " ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("eu-1", "ConnectionStrings:s3=Endpoint=http://minio:9000;AccessKey=a;SecretKey=b==;Bucket=c;Region=eu-1")]
    [InlineData("us-east-1", "ConnectionStrings:s3=Endpoint=http://minio:9000;AccessKey=a;SecretKey=b==;Bucket=other", "Media:S3:Bucket=c")]
    public void ConnectionString_NamesAStore_AndTheSectionIsStronger(string region, params string[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(setting => setting.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]))).Build();
        S3MediaOptions options = new();
        new S3ConnectionString(configuration).Configure(options);
        configuration.GetSection(S3MediaOptions.Section).Bind(options);
        Assert.Equal(("http://minio:9000", "a", "b==", "c", region), (options.Endpoint, options.AccessKey, options.SecretKey, options.Bucket, options.Region));
    }
}
