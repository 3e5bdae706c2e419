using System.Globalization;

namespace CoolChat.User.SignIn;

/// <summary>
/// A <c>date-time</c> of RFC 3339 as it was written, and the instant that it means. The whole grammar is read: any number of digits of a second
/// (the first seven count), <c>t</c> and <c>z</c>, offsets up to 23:59, <c>-00:00</c>, and a leap second, which is the first instant of the next
/// minute. What lies outside of .NET's years 1 to 9999 is taken for its nearest end.
/// </summary>
internal readonly record struct Rfc3339Time(string Text, DateTimeOffset Instant)
{
    public static Rfc3339Time Of(DateTimeOffset instant)
    {
        DateTimeOffset milliseconds = instant.ToUniversalTime().AddTicks(-(instant.UtcTicks % TimeSpan.TicksPerMillisecond));
        return new(milliseconds.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), milliseconds);
    }

    public static bool TryParse(string text, out Rfc3339Time time)
    {
        time = default;
        ReadOnlySpan<char> rest = text;
        if (!Number(ref rest, 4, 0, 9999, out int year) || !Literal(ref rest, '-') || !Number(ref rest, 2, 1, 12, out int month) ||
            !Literal(ref rest, '-') || !Number(ref rest, 2, 1, DaysIn(year, month), out int day) || !Literal(ref rest, 'T') ||
            !Number(ref rest, 2, 0, 23, out int hour) || !Literal(ref rest, ':') || !Number(ref rest, 2, 0, 59, out int minute) ||
            !Literal(ref rest, ':') || !Number(ref rest, 2, 0, 60, out int second) || !Fraction(ref rest, out long fraction) ||
            !Offset(ref rest, out int offsetMinutes) || !rest.IsEmpty)
            return false;
        if (second == 60 && !IsLeapSecond(year, month, day, hour, minute, offsetMinutes))
            return false;
        time = new Rfc3339Time(text, Instantiate(year, month, day, hour, minute, second, fraction, offsetMinutes));
        return true;
    }

    private static DateTimeOffset Instantiate(int year, int month, int day, int hour, int minute, int second, long fraction, int offsetMinutes)
    {
        if (year == 0)
            return DateTimeOffset.MinValue;
        long ticks = new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc).Ticks
            + (second * TimeSpan.TicksPerSecond) + fraction - (offsetMinutes * TimeSpan.TicksPerMinute);
        return new DateTimeOffset(Math.Clamp(ticks, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
    }

    /// <summary>Leap seconds are inserted at 23:59:60 UTC on the last day of a month.</summary>
    private static bool IsLeapSecond(int year, int month, int day, int hour, int minute, int offsetMinutes)
    {
        if (year is 0 or 9999)
            return false;
        DateTime next = new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc).AddMinutes(1 - offsetMinutes);
        return next is { Day: 1, Hour: 0, Minute: 0 };
    }

    /// <summary>Year 0 of the Gregorian calendar is a leap year, like 2000.</summary>
    private static int DaysIn(int year, int month) => DateTime.DaysInMonth(year == 0 ? 2000 : year, month);

    private static bool Number(ref ReadOnlySpan<char> rest, int digits, int from, int to, out int value)
    {
        value = 0;
        if (rest.Length < digits)
            return false;
        foreach (char c in rest[..digits])
        {
            if (!char.IsAsciiDigit(c))
                return false;
            value = (value * 10) + (c - '0');
        }
        rest = rest[digits..];
        return value >= from && value <= to;
    }

    private static bool Literal(ref ReadOnlySpan<char> rest, char literal)
    {
        if (rest.IsEmpty || char.ToUpperInvariant(rest[0]) != literal)
            return false;
        rest = rest[1..];
        return true;
    }

    private static bool Fraction(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (rest.IsEmpty || rest[0] != '.')
            return true;
        int digits = 1;
        for (long unit = TimeSpan.TicksPerSecond / 10; digits < rest.Length && char.IsAsciiDigit(rest[digits]); digits++, unit /= 10)
            ticks += unit * (rest[digits] - '0');
        rest = rest[digits..];
        return digits > 1;
    }

    private static bool Offset(ref ReadOnlySpan<char> rest, out int minutes)
    {
        minutes = 0;
        if (Literal(ref rest, 'Z'))
            return true;
        if (rest.IsEmpty || rest[0] is not ('+' or '-'))
            return false;
        int sign = rest[0] == '-' ? -1 : 1;
        rest = rest[1..];
        if (!Number(ref rest, 2, 0, 23, out int hour) || !Literal(ref rest, ':') || !Number(ref rest, 2, 0, 59, out int minute))
            return false;
        minutes = sign * ((hour * 60) + minute);
        return true;
    }
}
