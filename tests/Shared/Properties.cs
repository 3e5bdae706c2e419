using System.Globalization;
using FsCheck;

namespace CoolChat.Testing;

/// <summary>How property tests run: on new inputs each time, or, with COOLCHAT_PROPERTY_SEED, on those that follow from a number.</summary>
internal static class Properties
{
    public static Config Of(int tests)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(tests);
        return ulong.TryParse(Environment.GetEnvironmentVariable("COOLCHAT_PROPERTY_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? config.WithReplay(new Replay(new Rnd(seed), null))
            : config;
    }
}
