using System.Xml.Linq;

namespace CoolChat.UnitTests.Architecture;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every project, by its path from the root with forward slashes.</summary>
    public static IReadOnlyList<Project> Projects { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories)
            .Select(file => new Project(Relative(file), XDocument.Load(file)))
            .Where(project => !IsOutput(project.Path)),
    ];

    /// <summary>C# sources under a folder, without what builds generate.</summary>
    public static IEnumerable<string> SourcesUnder(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories).Where(file => !IsOutput(Relative(file)));

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static bool IsOutput(string relative) =>
        relative.Split('/').Any(part => part is "bin" or "obj" or "node_modules" or "artifacts");

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CoolChat.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the source tree.");
    }
}

/// <summary>A project file.</summary>
internal sealed record Project(string Path, XDocument Xml)
{
    /// <summary>Folder: services/chat.</summary>
    public string Folder => Path[..Path.LastIndexOf('/')];

    /// <summary>Folders of the projects that this one references.</summary>
    public IEnumerable<string> References =>
        Xml.Descendants("ProjectReference").Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'))
            .Select(include => Repository.Relative(System.IO.Path.GetFullPath(System.IO.Path.Combine(Repository.Root, Folder, include))))
            .Select(path => path[..path.LastIndexOf('/')]);

    /// <summary>Names of referenced packages.</summary>
    public IEnumerable<string> Packages => Xml.Descendants("PackageReference").Select(package => package.Attribute("Include")?.Value).OfType<string>();
}
