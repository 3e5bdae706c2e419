using System.Globalization;
using System.Text.RegularExpressions;
using CoolChat.Testing;
using k8s;
using k8s.Models;
using YamlDotNet.Serialization;

namespace CoolChat.DeploymentTests;

/// <summary>The committed chart, rendered as Helm would, for the few expressions that are in it. What it does not know fails, and so does a value that isn't there.</summary>
internal static partial class Chart
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "deploy", "kubernetes", "coolchat");

    [GeneratedRegex(@"\{\{\s*\.(?<path>[\w.]+)(?<filters>(\s*\|\s*\w+)*)\s*\}\}")]
    private static partial Regex Expression();

    /// <summary>Every file below templates, still with its expressions.</summary>
    public static IEnumerable<string> Templates => Directory.EnumerateFiles(Path.Combine(Folder, "templates"), "*.yaml", SearchOption.AllDirectories);

    /// <summary>Every object, read strictly: an unknown field or a value of another type throws.</summary>
    /// <param name="overrides">Further values (YAML), as <c>helm -f</c> takes them.</param>
    public static IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Render(string overrides)
    {
        IDeserializer yaml = new DeserializerBuilder().Build();
        Dictionary<object, object> values = yaml.Deserialize<Dictionary<object, object>>(File.ReadAllText(Path.Combine(Folder, "values.yaml")));
        Merge(values, yaml.Deserialize<Dictionary<object, object>>(overrides) ?? []);
        List<IKubernetesObject<V1ObjectMeta>> objects = [];
        foreach (string file in Templates)
        {
            string text = Expression().Replace(File.ReadAllText(file), match => Evaluate(values, match));
            if (text.Contains("{{", StringComparison.Ordinal))
                throw new InvalidOperationException($"{file} holds an expression that this renderer does not know.");
            objects.AddRange(KubernetesYaml.LoadAllFromString(text, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>());
        }
        return objects;
    }

    private static void Merge(Dictionary<object, object> values, Dictionary<object, object> overrides)
    {
        foreach ((object key, object value) in overrides)
        {
            if (value is Dictionary<object, object> inner && values.GetValueOrDefault(key) is Dictionary<object, object> existing)
                Merge(existing, inner);
            else
                values[key] = value;
        }
    }

    private static string Evaluate(Dictionary<object, object> values, Match expression)
    {
        string text = Value(values, expression.Groups["path"].Value);
        foreach (string filter in expression.Groups["filters"].Value.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            text = filter switch
            {
                "int" => int.Parse(text, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
                "toString" => text,
                _ => throw new InvalidOperationException($"The chart uses the filter '{filter}', which this renderer does not know."),
            };
        }
        return text;
    }

    private static string Value(Dictionary<object, object> values, string path)
    {
        string[] parts = path.Split('.');
        if (parts is ["Chart", "Name"] or ["Release", "Name"])
            return "coolchat";
        object node = values;
        foreach (string part in parts.Skip(1))
        {
            node = node is Dictionary<object, object> map && map.TryGetValue(part, out object? next)
                ? next
                : throw new KeyNotFoundException($"The chart uses .{path}, which its values.yaml does not have: Helm would write nothing there.");
        }
        return (string)node;
    }
}
