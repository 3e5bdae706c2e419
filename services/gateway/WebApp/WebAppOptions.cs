namespace CoolChat.Gateway.WebApp;

/// <summary>Section <c>Gateway</c>.</summary>
public sealed class WebAppOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Gateway";

    /// <summary>Folder of the built web app; a relative one counts from the program's folder.</summary>
    public string WebApp { get; set; } = "web";
}
