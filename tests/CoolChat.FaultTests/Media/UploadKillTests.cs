using System.Net;
using System.Security.Cryptography;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.FaultTests.Media;

/// <summary>Uploads go on where the server died.</summary>
public sealed class UploadKillTests
{
    private const int PartBytes = 256 * 1024;
    private static readonly StandaloneSettings Settings = new()
    {
        Configuration = new Dictionary<string, string> { ["Media:PartBytes"] = "262144", ["Media:ReserveBytes"] = "0" },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upload_ServerKilledAgainAndAgain_EndsWithTheSameBytesOnce()
    {
        await using StandaloneProcess server = await StandaloneProcess.StartAsync(Settings, Token);
        await using TestPerson ada = await TestPerson.SignInAsync(server.Url, cancellationToken: Token);
        byte[] bytes = RandomNumberGenerator.GetBytes((12 * PartBytes) + 1);
        UploadView upload = await ada.Client.Media.BeginAsync(
            new StartUploadRequest
            {
                FileName = "tide.bin",
                ContentType = "application/octet-stream",
                Size = bytes.Length,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            },
            Token);
        using HttpClient http = new() { BaseAddress = server.Url };
        Random moments = new(7);

        Task sending = Parallel.ForEachAsync(upload.Parts, new ParallelOptions { MaxDegreeOfParallelism = 3, CancellationToken = Token },
            async (part, token) => await PutUntilTakenAsync(http, part, bytes.AsMemory((part.Number - 1) * PartBytes, (int)Math.Min(PartBytes, bytes.Length - ((part.Number - 1) * PartBytes))), token));
        for (int kill = 0; kill < 3; kill++)
        {
            await Task.Delay(moments.Next(20, 200), Token);
            server.Kill();
            await server.StartAgainAsync(Token);
        }

        await sending;
        Task complete = CompleteUntilDoneAsync(ada, upload.UploadId);
        server.Kill();
        await server.StartAgainAsync(Token);
        await complete;

        using MemoryStream read = new();
        await ada.Client.Media.DownloadAsync(upload.UploadId, read, cancellationToken: Token);
        Assert.Equal(bytes, read.ToArray());
        string media = Path.Combine(server.DataFolder, "media");
        Assert.Single(Directory.EnumerateFiles(Path.Combine(media, "objects"), "*", SearchOption.AllDirectories));
    }

    private static async Task PutUntilTakenAsync(HttpClient http, UploadPartView part, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                using ReadOnlyMemoryContent content = new(bytes);
                using HttpResponseMessage answer = await http.PutAsync(new Uri(part.Url, UriKind.Relative), content, cancellationToken);
                return answer.StatusCode == HttpStatusCode.NoContent;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, $"part {part.Number} is taken", TimeSpan.FromSeconds(60));

    private static Task CompleteUntilDoneAsync(TestPerson person, Guid upload) => Eventually.TrueAsync(async () =>
    {
        try
        {
            await person.Client.Media.CompleteAsync(upload, Token);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }, "the upload is complete", TimeSpan.FromSeconds(60));
}
