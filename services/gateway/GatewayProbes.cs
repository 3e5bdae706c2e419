using Microsoft.AspNetCore.Http;

namespace CoolChat.Gateway;

/// <summary>What machines ask of the gateway itself: answered in every state.</summary>
internal static class GatewayProbes
{
    public static bool IsProbe(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.Ordinal) || path.StartsWithSegments("/alive", StringComparison.Ordinal);
}
