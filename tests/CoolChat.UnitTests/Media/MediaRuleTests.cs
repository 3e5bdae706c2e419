using System.Text;
using CoolChat.Media.Adapters.Disk;
using CoolChat.Media.Objects;
using CoolChat.Media.Signing;
using CoolChat.Media.Uploads;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CoolChat.UnitTests.Media;

public sealed class MediaRuleTests
{
    [Theory]
    [InlineData("photo.jpg", "photo.jpg")]
    [InlineData("C:\\Users\\me\\photo.jpg", "photo.jpg")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("..", "file")]
    [InlineData("", "file")]
    [InlineData(null, "file")]
    [InlineData("a/", "file")]
    [InlineData("in\r\nvoice\0.pdf", "invoice.pdf")]
    [InlineData("ann\u202Egpj.exe", "anngpj.exe")]
    [InlineData("报告.pdf", "报告.pdf")]
    [InlineData("👩‍👧.png", "👩‍👧.png")]
    public void Clean_Name_IsTextToShow(string? name, string shown) => Assert.Equal(shown, FileNames.Clean(name));

    [Fact]
    public void Clean_AnyText_IsNoPathAndNeverFails() => Prop.ForAll(
        ArbMap.Default.ArbFor<string>(),
        name =>
        {
            string shown = FileNames.Clean(name);
            Assert.InRange(shown.Length, 1, FileNames.MaxLength);
            Assert.Equal(shown, Path.GetFileName(shown));
            Assert.DoesNotContain(shown, letter => char.IsControl(letter));
            Assert.Equal(shown, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(shown)));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("image/png", "89504E470D0A1A0A", "image/png")]
    [InlineData("image/png", "FFD8FFE0", "application/octet-stream")]
    [InlineData("image/jpeg", "FFD8FFE0", "image/jpeg")]
    [InlineData("image/gif", "474946383961", "image/gif")]
    [InlineData("image/webp", "524946460000000057454250", "image/webp")]
    [InlineData("image/avif", "0000001C66747970617669660000000061766966", "image/avif")]
    [InlineData("image/avif", "0000001C667479706D696631000000006D69663161766966", "image/avif")]
    [InlineData("video/mp4", "0000001866747970697336D0", "application/octet-stream")]
    [InlineData("video/mp4", "000000186674797069736F6D0000020069736F6D", "video/mp4")]
    [InlineData("audio/mp4", "00000018667479704D344120000000004D344120", "audio/mp4")]
    [InlineData("video/webm", "1A45DFA39F4286810142F7810142F2810442F381084282847765626D", "video/webm")]
    [InlineData("audio/webm", "1A45DFA39F4286810142F7810142F2810442F381084282847765626D", "audio/webm")]
    [InlineData("audio/ogg", "4F67675300", "audio/ogg")]
    [InlineData("audio/mpeg", "494433030000", "audio/mpeg")]
    [InlineData("audio/mpeg", "FFFB9064", "audio/mpeg")]
    [InlineData("audio/mpeg", "FFF15080", "application/octet-stream")]
    [InlineData("audio/wav", "524946460000000057415645", "audio/wav")]
    [InlineData("image/svg+xml", "3C737667", "application/octet-stream")]
    [InlineData("image/png", "", "application/octet-stream")]
    [InlineData("text/plain", "89504E470D0A1A0A", "text/plain")]
    public void Settle_AnnouncedAndBytes_KeepsWhatIsTrue(string announced, string head, string kept) =>
        Assert.Equal(kept, MediaTypes.Settle(announced, Convert.FromHexString(head)));

    [Fact]
    public void Candidates_AnyBytes_NeverFails() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        bytes => _ = ContentSniffer.Candidates([.. "\0\0\0\u0040ftyp"u8, .. bytes ?? []])).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("Image/JPG", "image/jpeg")]
    [InlineData("audio/webm;codecs=opus", "audio/webm")]
    [InlineData(null, "application/octet-stream")]
    [InlineData("image", null)]
    [InlineData("image/*", null)]
    [InlineData("text/html, image/png", null)]
    public void Parse_Announced_IsOneTypeOrNone(string? announced, string? parsed) => Assert.Equal(parsed, MediaTypes.Parse(announced));

    [Theory]
    [InlineData("image/svg+xml")]
    [InlineData("text/html")]
    [InlineData("application/pdf")]
    [InlineData("application/xhtml+xml")]
    [InlineData("text/xml")]
    [InlineData("application/octet-stream")]
    public void IsInline_TypesThatCanRunScript_IsFalse(string type) => Assert.False(MediaTypes.IsInline(type));

    [Fact]
    public void TryTake_AllSlotsOfAnUpload_RefusesOnlyThatUploadUntilOneIsBack()
    {
        PartSlots slots = new();
        Guid upload = Guid.NewGuid();
        List<IDisposable?> taken = [.. Enumerable.Range(0, PartSlots.PerUpload).Select(_ => slots.TryTake(upload))];
        Assert.DoesNotContain(null, taken);

        Assert.Null(slots.TryTake(upload));
        Assert.NotNull(slots.TryTake(Guid.NewGuid()));
        taken[0]!.Dispose();
        taken[0]!.Dispose();
        Assert.NotNull(slots.TryTake(upload));
        Assert.Null(slots.TryTake(upload));
    }

    [Fact]
    public void DiskFull_WritingToAFullDevice_IsToldFromOtherFailures()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("/dev/full is a device of Linux.");
        IOException full = Assert.Throws<IOException>(() =>
        {
            using FileStream device = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            device.Write([1, 2, 3]);
        });
        Assert.True(DiskFull.Is(full));
        Assert.False(DiskFull.Is(Assert.Throws<FileNotFoundException>(() => File.ReadAllBytes("/dev/shm/no-such-file"))));
    }

    [Fact]
    public void SigningKey_FirstStart_IsPrivateAndKept()
    {
        string folder = Directory.CreateTempSubdirectory("coolchat-key-").FullName;
        try
        {
            string path = Path.Combine(folder, "media.key");
            byte[] first = SigningKey.LoadOrCreate(path).Sign("text"u8);

            Assert.Equal(first, SigningKey.LoadOrCreate(path).Sign("text"u8));
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            File.WriteAllBytes(path, [1, 2, 3]);
            Assert.Throws<InvalidDataException>(() => SigningKey.LoadOrCreate(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
