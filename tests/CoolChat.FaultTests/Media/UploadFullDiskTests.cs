using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.FaultTests.Media;

/// <summary>Media on a small tmpfs that fills up in the middle of an upload. Needs root to mount it.</summary>
public sealed class UploadFullDiskTests
{
    [Fact]
    public async Task Upload_DiskFillsUp_IsRefusedWithNothingLeftBehind_AndGoesOnWithRoom()
    {
        if (Environment.UserName != "root" && Environment.GetEnvironmentVariable("CI") != "true")
            Assert.Skip("Needs root to mount a small tmpfs.");
        string data = Directory.CreateTempSubdirectory("coolchat-full-media-").FullName;
        string media = Directory.CreateDirectory(Path.Combine(data, "media")).FullName;
        Run("mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs", media);
        try
        {
            await FillAndGoOnAsync(data, media);
        }
        finally
        {
            Run("umount", "-l", media);
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task FillAndGoOnAsync(string data, string media)
    {
        await using StandaloneProcess server = await StandaloneProcess.StartAsync(new StandaloneSettings
        {
            DataFolder = data,
            Configuration = new Dictionary<string, string> { ["Media:ReserveBytes"] = "0" },
        });
        await using TestPerson ada = await TestPerson.SignInAsync(server.Url);
        byte[] bytes = RandomNumberGenerator.GetBytes(1_500_000);
        StartUploadRequest request = new() { FileName = "a.bin", ContentType = "application/octet-stream", Size = bytes.Length };
        UploadView upload = await ada.Client.Media.BeginAsync(request);
        using HttpClient http = new() { BaseAddress = server.Url };
        string filler = Path.Combine(media, "filler");

        await File.WriteAllBytesAsync(filler, new byte[3_000_000]);
        Assert.Equal(ErrorCodes.StorageFull, (await Assert.ThrowsAsync<CoolChatException>(() => ada.Client.Media.BeginAsync(request))).Code);
        Assert.Equal(HttpStatusCode.InsufficientStorage, await PutAsync(http, upload, bytes));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(media, "uploads"), "*", SearchOption.AllDirectories));
        File.Delete(filler);
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(http, upload, bytes));

        await File.WriteAllBytesAsync(filler, new byte[2_000_000]);
        Assert.Equal(
            ErrorCodes.StorageFull,
            (await Assert.ThrowsAsync<CoolChatException>(() => ada.Client.Media.CompleteAsync(upload.UploadId))).Code);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(media, "objects"), "*", SearchOption.AllDirectories));
        File.Delete(filler);
        await ada.Client.Media.CompleteAsync(upload.UploadId);
        using MemoryStream read = new();
        await ada.Client.Media.DownloadAsync(upload.UploadId, read);
        Assert.Equal(bytes, read.ToArray());
    }

    private static async Task<HttpStatusCode> PutAsync(HttpClient http, UploadView upload, byte[] bytes)
    {
        using ByteArrayContent content = new(bytes);
        using HttpResponseMessage answer = await http.PutAsync(new Uri(upload.Parts[0].Url, UriKind.Relative), content);
        return answer.StatusCode;
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
