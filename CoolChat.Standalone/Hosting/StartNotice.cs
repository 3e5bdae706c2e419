using System.Reflection;
using CoolChat.Contracts.Internal;

namespace CoolChat.Standalone.Hosting;

/// <summary>What the owner reads after a start. Programs read it too: "address" and "data" keep their form.</summary>
internal static class StartNotice
{
    public static void Write(WebApplication app, string data)
    {
        string version = typeof(StartNotice).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
        Console.WriteLine($"CoolChat {version} is ready. Stop it with Ctrl+C.");
        foreach (string url in app.Urls)
            Console.WriteLine($"  address  {url}");
        Console.WriteLine($"  data     {data}");
        if (app.Services.GetRequiredService<IOwnerClaim>().PendingLink is { } link)
            Console.WriteLine($"  owner    {link}  (opens once: sign in there to become this server's owner)");
        Console.Out.Flush();
    }
}
