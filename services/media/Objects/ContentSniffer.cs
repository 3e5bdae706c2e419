using System.Buffers.Binary;

namespace CoolChat.Media.Objects;

/// <summary>
/// What a file may be by its first bytes, after the WHATWG MIME Sniffing Standard (section 6) and the registrations of the formats.
/// A container names several: an MP4 may be video or sound.
/// </summary>
internal static class ContentSniffer
{
    /// <summary>How many first bytes to look at.</summary>
    public const int HeadBytes = 4096;

    public static IReadOnlyList<string> Candidates(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
            return ["image/png"];
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return ["image/jpeg"];
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8))
            return ["image/gif"];
        if (head.StartsWith("BM"u8))
            return ["image/bmp"];
        if (head.StartsWith("II*\0"u8) || head.StartsWith("MM\0*"u8))
            return ["image/tiff"];
        if (head.StartsWith("RIFF"u8) && head.Length >= 12)
            return Riff(head[8..12]);
        if (head.StartsWith("OggS"u8))
            return ["audio/ogg", "video/ogg"];
        if (head.StartsWith("fLaC"u8))
            return ["audio/flac"];
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
            return Matroska(head);
        if (head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8))
            return BaseMedia(head);
        return MpegAudio(head);
    }

    private static IReadOnlyList<string> Riff(ReadOnlySpan<byte> form)
    {
        if (form.SequenceEqual("WEBP"u8))
            return ["image/webp"];
        if (form.SequenceEqual("WAVE"u8))
            return ["audio/wav"];
        return form.SequenceEqual("AVI "u8) ? ["video/x-msvideo"] : [];
    }

    /// <summary>The document type stands within the EBML header, which opens the file.</summary>
    private static IReadOnlyList<string> Matroska(ReadOnlySpan<byte> head)
    {
        ReadOnlySpan<byte> header = head[..Math.Min(head.Length, 64)];
        if (header.IndexOf("webm"u8) >= 0)
            return ["video/webm", "audio/webm"];
        return header.IndexOf("matroska"u8) >= 0 ? ["video/x-matroska", "audio/x-matroska"] : [];
    }

    /// <summary>ISO base media (ISO/IEC 14496-12): the brands in the ftyp box, which opens the file.</summary>
    private static List<string> BaseMedia(ReadOnlySpan<byte> head)
    {
        uint size = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (size < 16)
            return [];
        ReadOnlySpan<byte> box = head[..(int)Math.Min(size, (uint)head.Length)];
        List<string> types = [];
        for (int at = 8; at + 4 <= box.Length; at += 4)
        {
            // Bytes 12 to 15 are the minor version.
            if (at != 12)
                AddBrand(box.Slice(at, 4), types);
        }

        return types;
    }

    private static void AddBrand(ReadOnlySpan<byte> brand, List<string> types)
    {
        if (brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8))
            types.Add("image/avif");
        else if (brand.SequenceEqual("heic"u8) || brand.SequenceEqual("heix"u8) || brand.SequenceEqual("mif1"u8) || brand.SequenceEqual("msf1"u8))
            types.AddRange(["image/heic", "image/heif"]);
        else if (brand.SequenceEqual("qt  "u8))
            types.Add("video/quicktime");
        else if (brand.StartsWith("M4A"u8) || brand.StartsWith("M4B"u8))
            types.Add("audio/mp4");
        else if (brand.StartsWith("iso"u8) || brand.StartsWith("mp4"u8) || brand.StartsWith("avc"u8) || brand.StartsWith("M4V"u8)
            || brand.StartsWith("dash"u8) || brand.StartsWith("3gp"u8) || brand.StartsWith("MSN"u8))
            types.AddRange(["video/mp4", "audio/mp4", "video/3gpp"]);
    }

    /// <summary>MP3 with ID3 or a frame header; AAC in ADTS.</summary>
    private static IReadOnlyList<string> MpegAudio(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("ID3"u8))
            return ["audio/mpeg", "audio/aac"];
        if (head.Length < 4 || head[0] != 0xFF)
            return [];
        if ((head[1] & 0xF6) == 0xF0)
            return ["audio/aac"];
        bool sync = (head[1] & 0xE0) == 0xE0;
        bool version = (head[1] & 0x18) != 0x08;
        bool layer = (head[1] & 0x06) != 0;
        bool rates = (head[2] & 0xF0) != 0xF0 && (head[2] & 0x0C) != 0x0C;
        return sync && version && layer && rates ? ["audio/mpeg"] : [];
    }
}
