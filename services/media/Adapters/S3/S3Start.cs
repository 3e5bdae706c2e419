using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CoolChat.Media.Adapters.S3;

/// <summary>A store that can't be used ends the start, not the first upload.</summary>
internal sealed class S3Start(S3Bucket bucket, IOptions<S3MediaOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => bucket.OpenAsync(options.Value.CreateBucket, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
