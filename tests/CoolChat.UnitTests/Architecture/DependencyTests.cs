using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace CoolChat.UnitTests.Architecture;

/// <summary>
/// The rule of the layout: a service references contracts, contracts.internal, conversations, engines and ServiceDefaults, never another
/// service; drivers stay in engines and in adapters; a service shows its composition root how to add and map it, and its options.
/// </summary>
public sealed partial class DependencyTests
{
    private const string Contracts = "services/contracts";
    private const string Internal = "services/contracts.internal";
    private const string Conversations = "services/conversations";
    private const string Engines = "services/engines";
    private const string Defaults = "CoolChat.ServiceDefaults";

    private static readonly string[] Services = ["services/chat", "services/gateway", "services/media", "services/processing", "services/user"];
    private static readonly string[] ForServices = [Contracts, Internal, Conversations, Engines, Defaults];

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        [Contracts] = [],
        [Internal] = [Contracts],
        [Engines] = [Contracts, Internal],
        [Conversations] = [Contracts, Internal, Engines],
        [Defaults] = [Contracts, Internal],
        ["clients/dotnet"] = [Contracts],
    };

    public static TheoryData<string> ProductProjects =>
        [.. Repository.Projects.Select(project => project.Folder).Where(folder => folder.StartsWith("services/", StringComparison.Ordinal) || Allowed.ContainsKey(folder))];

    public static TheoryData<string> ServiceProjects => [.. Services];

    [Theory]
    [MemberData(nameof(ProductProjects))]
    public void Project_References_OnlyWhatItsLayerMay(string folder)
    {
        string[] allowed = Allowed.GetValueOrDefault(folder, ForServices);
        Assert.Empty(Assert.Single(Repository.Projects, project => project.Folder == folder).References.Except(allowed));
    }

    [Fact]
    public void Services_AllOfThem_AreInTheRule() =>
        Assert.Empty(Repository.Projects.Select(project => project.Folder)
            .Where(folder => folder.StartsWith("services/", StringComparison.Ordinal))
            .Except([.. Services, .. Allowed.Keys]));

    [Theory]
    [MemberData(nameof(ServiceProjects))]
    public void Service_BuiltAssembly_ReferencesNoOtherService(string folder)
    {
        string[] others = [.. Services.Where(service => service != folder).Select(AssemblyName)];
        Assert.Empty(Load(folder).GetReferencedAssemblies().Select(name => name.Name).Intersect(others));
    }

    [Theory]
    [MemberData(nameof(ServiceProjects))]
    public void Service_PublicSurface_IsAddMapAndOptions(string folder) =>
        Assert.Empty(Load(folder).GetExportedTypes().Where(type => !IsSurface(type)).Select(type => type.FullName));

    [Fact]
    public void Drivers_InSources_StayInEnginesAndAdapters()
    {
        IEnumerable<string> strays =
            from top in new[] { "services", Defaults, "CoolChat.Standalone" }
            from file in Repository.SourcesUnder(top)
            let path = Repository.Relative(file)
            where !path.StartsWith(Engines + "/", StringComparison.Ordinal) && !path.Contains("/Adapters/", StringComparison.Ordinal)
            where Driver().IsMatch(File.ReadAllText(file))
            select path;
        Assert.Empty(strays);
    }

    [Fact]
    public void DriverPackages_InProjects_AreReferencedByEnginesOnly() =>
        Assert.Empty(Repository.Projects
            .Where(project => project.Folder != Engines && !project.Folder.StartsWith("tests/", StringComparison.Ordinal))
            .Where(project => project.Packages.Any(package => DriverPackage().IsMatch(package)))
            .Select(project => project.Path));

    /// <summary>A static class of AddXxx and MapXxx, or options.</summary>
    private static bool IsSurface(Type type) =>
        type.Name.EndsWith("Options", StringComparison.Ordinal)
        || (type is { IsAbstract: true, IsSealed: true }
            && type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .All(member => member is MethodInfo && (member.Name.StartsWith("Add", StringComparison.Ordinal) || member.Name.StartsWith("Map", StringComparison.Ordinal))));

    private static Assembly Load(string folder) => Assembly.Load(AssemblyName(folder));

    private static string AssemblyName(string folder) => $"CoolChat.{char.ToUpperInvariant(folder["services/".Length])}{folder["services/x".Length..]}";

    [GeneratedRegex(@"\b(RocksDbSharp|Microsoft\.Data\.Sqlite|SQLitePCL|MongoDB\.(Driver|Bson)|Amazon\.S3|StackExchange\.Redis|RabbitMQ\.Client)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Driver();

    [GeneratedRegex("^(RocksDB|Microsoft\\.Data\\.Sqlite|SQLitePCLRaw|SourceGear\\.sqlite3|MongoDB|StackExchange\\.Redis|RabbitMQ|AWSSDK)", RegexOptions.CultureInvariant)]
    private static partial Regex DriverPackage();
}
