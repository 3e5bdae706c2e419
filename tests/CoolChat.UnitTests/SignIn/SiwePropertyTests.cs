using System.Globalization;
using CoolChat.Contracts.Internal;
using CoolChat.Testing;
using CoolChat.User.SignIn;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CoolChat.UnitTests.SignIn;

/// <summary>Messages drawn from the grammar.</summary>
public sealed class SiwePropertyTests
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string Unreserved = Alphanumeric + "-._~";
    private const string SubDelims = "!$&'()*+,;=";
    private static readonly Config Thorough = Properties.Of(1000);

    private static readonly Gen<string> Encoded = Gen.Choose(0, 255).Select(static b => "%" + b.ToString("X2", CultureInfo.InvariantCulture));
    private static readonly Gen<string> PChar = Gen.Frequency((9, OneOf(Unreserved + SubDelims + ":@")), (1, Encoded));
    private static readonly Gen<string> Scheme = Join(OneOf("abcXYZ"), Many(OneOf(Alphanumeric + "+-.")));

    private static readonly Gen<string> Host = Gen.OneOf(
        NonEmpty(Gen.Frequency((9, OneOf(Unreserved + SubDelims)), (1, Encoded))),
        Gen.Elements("127.0.0.1", "[::1]", "[2001:db8::7:192.0.2.1]", "[1:2:3:4:5:6:7:8]", "[v7.a:b]"));

    private static readonly Gen<string> Authority = Join(
        Maybe(Join(Many(OneOf(Unreserved + SubDelims + ":")), Gen.Constant("@"))), Host, Maybe(Join(Gen.Constant(":"), Many(OneOf("0123456789")))));

    private static readonly Gen<string> Uri = Join(
        Scheme,
        Gen.Constant(":"),
        Gen.OneOf(
            Join(Gen.Constant("//"), Authority, Many(Join(Gen.Constant("/"), Many(PChar)))),
            Join(NonEmpty(PChar), Many(Join(Gen.Constant("/"), Many(PChar)))),
            Gen.Constant("")),
        Maybe(Join(Gen.Constant("?"), Many(Gen.OneOf(PChar, OneOf("/?"))))),
        Maybe(Join(Gen.Constant("#"), Many(Gen.OneOf(PChar, OneOf("/?"))))));

    private static readonly Gen<Rfc3339Time> Time =
        from days in Gen.Choose(0, 3_000_000)
        from milliseconds in Gen.Choose(0, 86_399_999)
        select Rfc3339Time.Of(DateTimeOffset.MinValue.AddDays(days).AddMilliseconds(milliseconds));

    private static readonly Gen<SiweMessage> Messages =
        from scheme in Optional(Scheme)
        from domain in Authority
        from address in Gen.ArrayOf(Gen.Choose(0, 255), EthereumAddress.Size)
        from statement in Optional(Many(OneOf(Unreserved + SubDelims + ":/?#[]@ ")))
        from uri in Uri
        from chain in Gen.Choose(0, int.MaxValue)
        from zeros in Gen.Choose(0, 2)
        from nonce in Join(Gen.ArrayOf(OneOf(Alphanumeric), 8).Select(string.Concat), Many(OneOf(Alphanumeric)))
        from times in Gen.Three(Time)
        from has in Gen.Two(Gen.Elements(true, false))
        from requestId in Optional(Many(PChar))
        from resources in Gen.OneOf(Gen.Constant<string[]?>(null), Gen.Choose(0, 4).SelectMany(count => Gen.ArrayOf(Uri, count)).Select(static uris => (string[]?)uris))
        select new SiweMessage
        {
            Scheme = scheme,
            Domain = domain,
            Address = new EthereumAddress([.. address.Select(static b => (byte)b)]),
            Statement = statement,
            Uri = uri,
            ChainId = (ulong)chain,
            ChainIdZeros = zeros,
            Nonce = nonce,
            IssuedAt = times.Item1,
            ExpirationTime = has.Item1 ? times.Item2 : null,
            NotBefore = has.Item2 ? times.Item3 : null,
            RequestId = requestId,
            Resources = resources,
        };

    [Fact]
    public void Parse_MessageOfTheGrammar_RoundTrips() => Check.One(Thorough, Prop.ForAll(Messages.ToArbitrary(), static message =>
    {
        string text = message.ToMessage();
        if (text.Length > SiweMessage.MaxLength)
            return;
        Result<SiweMessage> parsed = SiweMessage.Parse(text);
        Assert.True(parsed.Ok, parsed.Refusal + "\n" + text);
        Assert.Equal(text, parsed.Value.ToMessage());
        Assert.Equal(message with { Resources = null }, parsed.Value with { Resources = null });
        Assert.Equal(message.Resources, parsed.Value.Resources);
    }));

    /// <summary>A changed message is refused with a code and a field, or it is another message, which reads back as it was written.</summary>
    [Fact]
    public void Parse_OneCharacterChanged_IsRefusedOrReadAsWritten()
    {
        Gen<(string Text, int At, int Kind, char Character)> changes =
            from message in Messages
            let text = message.ToMessage()
            from at in Gen.Choose(0, text.Length - 1)
            from kind in Gen.Choose(0, 2)
            from character in Gen.OneOf(Gen.Choose(0, 127).Select(static c => (char)c), Gen.Choose(0, 0xffff).Select(static c => (char)c))
            select (text, at, kind, character);
        Check.One(Thorough, Prop.ForAll(changes.ToArbitrary(), static change =>
        {
            (string text, int at, int kind, char character) = change;
            string changed = kind switch
            {
                0 => text[..at] + character + text[(at + 1)..],
                1 => text[..at] + character + text[at..],
                _ => text[..at] + text[(at + 1)..],
            };
            AssertJudged(changed);
        }));
    }

    [Fact]
    public void Parse_AnyText_IsJudged() => Check.One(Thorough, Prop.ForAll<string?>(static text => AssertJudged(text ?? "")));

    private static void AssertJudged(string text)
    {
        Result<SiweMessage> result = SiweMessage.Parse(text);
        if (result.Ok)
        {
            Assert.Equal(text, result.Value.ToMessage());
        }
        else
        {
            Assert.Matches("^siwe_[a-z_]+$", result.Refusal.Code);
            Assert.StartsWith("message", result.Refusal.Field, StringComparison.Ordinal);
            Assert.NotEqual("", result.Refusal.Detail);
        }
    }

    private static Gen<string> OneOf(string characters) => Gen.Elements(characters.ToCharArray()).Select(static c => c.ToString());

    private static Gen<string> Many(Gen<string> part) => Gen.Choose(0, 12).SelectMany(count => Gen.ArrayOf(part, count)).Select(string.Concat);

    private static Gen<string> NonEmpty(Gen<string> part) => Join(part, Many(part));

    private static Gen<string> Maybe(Gen<string> part) => Gen.OneOf(Gen.Constant(""), part);

    private static Gen<string?> Optional(Gen<string> part) => Gen.OneOf(Gen.Constant<string?>(null), part.Select(static text => (string?)text));

    private static Gen<string> Join(params Gen<string>[] parts) =>
        parts.Aggregate(static (before, after) => before.SelectMany(first => after.Select(second => first + second)));
}
