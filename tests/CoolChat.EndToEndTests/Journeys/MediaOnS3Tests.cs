using System.Security.Cryptography;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Journeys;

/// <summary>The way of a file through a server whose files are in an S3-compatible store.</summary>
public sealed class MediaOnS3Tests
{
    [Fact]
    public async Task Upload_ServerWithS3_IsStoredThereAndDownloaded()
    {
        Uri endpoint = new(await Engines.S3Async());
        string[] keys = endpoint.UserInfo.Split(':');
        await using StandaloneProcess server = await StandaloneProcess.StartAsync(new StandaloneSettings
        {
            Configuration = new Dictionary<string, string>
            {
                ["Media:Store"] = "s3",
                ["Media:S3:Endpoint"] = $"{endpoint.Scheme}://{endpoint.Authority}",
                ["Media:S3:Region"] = endpoint.Query.Split('=')[1],
                ["Media:S3:AccessKey"] = Uri.UnescapeDataString(keys[0]),
                ["Media:S3:SecretKey"] = Uri.UnescapeDataString(keys[1]),
                ["Media:S3:Bucket"] = "coolchat-end-to-end",
                ["Media:S3:Prefix"] = $"{Guid.NewGuid():N}/",
                ["Media:S3:CreateBucket"] = "true",
            },
        });
        await using TestPerson person = await TestPerson.ConnectAsync(server.Url);
        byte[] content = RandomNumberGenerator.GetBytes(20_000_000);
        string file = Path.Combine(server.DataFolder, "sent.bin");
        await File.WriteAllBytesAsync(file, content);

        Attachment attachment = await person.Client.Media.UploadAsync(file, "application/octet-stream");

        using MemoryStream whole = new();
        await person.Client.Media.DownloadAsync(attachment.MediaId, whole);
        Assert.Equal(SHA256.HashData(content), SHA256.HashData(whole.ToArray()));
        using MemoryStream rest = new();
        await person.Client.Media.DownloadAsync(attachment.MediaId, rest, from: 15_000_000);
        Assert.Equal(content[15_000_000..], rest.ToArray());
        Assert.False(Directory.Exists(Path.Combine(server.DataFolder, "media")));
    }
}
