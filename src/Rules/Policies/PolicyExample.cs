using Customer360.Rules.Configuration;

namespace Customer360.Rules.Policies;

/// <summary>
/// An example of a policy file: <c>{name?, region?, input: {…}, expect: {…}}</c>. A file that fails its own examples is not put
/// in force.
/// </summary>
public sealed class PolicyExample
{
    private readonly List<ConfigFault> _faults;
    private readonly string _path;

    private PolicyExample(ConfigNode? input, string path, List<ConfigFault> faults) =>
        (Input, _path, _faults) = (input, path, faults);

    private ConfigNode? Input { get; }

    /// <summary>The input as a map whose members have these names; none: any name.</summary>
    public ConfigSection Section(params string[] known) => new($"{_path}.input", Input, _faults, known);

    /// <summary>A part of the input, likewise.</summary>
    public ConfigSection Section(ConfigNode part, params string[] known) => new($"{_path}.input", part, _faults, known);

    /// <summary>Runs the examples of a file; answers what is wrong with them and which of them fail.</summary>
    internal static List<ConfigFault> Check<T>(
        PolicyFile file,
        PolicyBody<T> policy,
        Func<T, PolicyExample, IReadOnlyDictionary<string, string>?> decide
    )
        where T : class
    {
        List<ConfigFault> faults = [];
        if (file.CommonSections.Find(PolicyFile.ExamplesSection) is not { IsNothing: false } node)
        {
            return faults;
        }

        if (node.Kind != ConfigKind.List)
        {
            faults.Add(new ConfigFault(node.Line, PolicyFile.ExamplesSection, "It must be a list of examples."));
            return faults;
        }

        for (int index = 0; index < node.Items.Length; index++)
        {
            Check($"{PolicyFile.ExamplesSection}[{index}]", node.Items[index], policy, decide, faults);
        }

        return faults;
    }

    private static void Check<T>(
        string path,
        ConfigNode node,
        PolicyBody<T> policy,
        Func<T, PolicyExample, IReadOnlyDictionary<string, string>?> decide,
        List<ConfigFault> faults
    )
        where T : class
    {
        var section = new ConfigSection(path, node, faults, "name", "region", "input", "expect");
        var expect = new ConfigSection($"{path}.expect", section.Find("expect"), faults);
        int before = faults.Count;
        T value = policy.Base;
        if (section.Find("region") is { IsNothing: false } region)
        {
            value = policy.Overrides.GetValueOrDefault(region.Text, value);
        }

        IReadOnlyDictionary<string, string>? outcome = decide(
            value,
            new PolicyExample(section.Find("input"), path, faults)
        );
        if (outcome is null)
        {
            section.Fault(node.Line, path, "This kind of policy has no examples.");
            return;
        }

        if (!expect.Members.Any())
        {
            section.Fault("expect", "It must say what the policy comes to: " + string.Join(", ", outcome.Keys) + ".");
        }

        if (faults.Count > before)
        {
            return;
        }

        foreach (ConfigMember expected in expect.Members)
        {
            if (!outcome.TryGetValue(expected.Name, out string? actual))
            {
                expect.Fault(
                    expected.Line,
                    expect.PathOf(expected.Name),
                    $"There is no such outcome. Known: {string.Join(", ", outcome.Keys)}."
                );
            }
            else if (TextOf(expected.Value) is not { } text)
            {
                expect.Fault(expected.Line, expect.PathOf(expected.Name), "It must be a text or a list of texts.");
            }
            else if (!string.Equals(text, actual, StringComparison.Ordinal))
            {
                expect.Fault(
                    expected.Line,
                    expect.PathOf(expected.Name),
                    actual.Length == 0
                        ? "The example fails: the policy comes to nothing here."
                        : $"The example fails: the policy comes to '{actual}'."
                );
            }
        }
    }

    private static string? TextOf(ConfigNode node) =>
        node.Kind switch
        {
            ConfigKind.Text => node.IsNothing ? "" : node.Text,
            ConfigKind.List when node.Items.All(item => item.Kind == ConfigKind.Text) => string.Join(
                ", ",
                node.Items.Select(item => item.Text)
            ),
            _ => null,
        };
}
