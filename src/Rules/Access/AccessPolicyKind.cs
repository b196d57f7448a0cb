using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Access;

/// <summary><c>access.yaml</c>: who sees which field for which purpose. It is asked at every read.</summary>
public sealed class AccessPolicyKind() : PolicyKind<AccessPolicy>(KindName, s_builtIn)
{
    public const string KindName = "access";

    private static readonly string s_builtIn = ReadBuiltIn();

    // For examples, which show no hash.
    private static readonly MaskKey s_exampleKey = new(() => new byte[MaskKey.BytesMin]);

    public override bool WantsExamples => true;

    public override ImmutableArray<string> Overridable => ["purposes", "roles"];

    protected override AccessPolicy? Read(PolicyFile file) => AccessReader.From(file);

    protected override void Write(Utf8JsonWriter writer, AccessPolicy policy) => AccessPolicyJson.Write(writer, policy);

    protected override IEnumerable<PolicyFault> OverrideFaults(AccessPolicy policy, AccessPolicy regional) =>
        Tightening.Faults(policy, regional);

    /// <summary>
    /// <c>input: {role, purpose, field, consent?: granted}</c> → <c>expect: {gives, because}</c>: <c>allow</c>,
    /// <c>mask last4</c> … or <c>withhold</c>.
    /// </summary>
    protected override IReadOnlyDictionary<string, string> Decide(AccessPolicy policy, PolicyExample example)
    {
        ConfigSection input = example.Section("role", "purpose", "field", "consent");
        string role = Known(input, "role", policy.Roles.ContainsKey);
        string purpose = Known(input, "purpose", policy.Purposes.ContainsKey);
        string field = input.RequiredText("field") ?? "";
        bool isGranted = input.Find("consent") is { Text: "granted" };
        FieldEntry entry = FieldLayer.Unclassified with { Because = "the role is not for the purpose" };
        if (
            policy.Roles.GetValueOrDefault(role) is { } known
            && known.Purposes.TryGetValue(purpose, out AccessGrant? own)
        )
        {
            var layer = new FieldLayer(policy, [known.Grant, own]);
            bool isMissing = (layer.NeedsConsent || policy.Purposes.GetValueOrDefault(purpose)) && !isGranted;
            entry = new FieldTable(
                isMissing ? [] : [layer],
                layer.Sees,
                purpose,
                s_exampleKey,
                new AccessFaults()
            ).Find(field);
        }

        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["gives"] = entry.Sight.ToString(),
            ["because"] = entry.Because,
        };
    }

    private static string Known(ConfigSection input, string name, Func<string, bool> isKnown)
    {
        string? text = input.RequiredText(name);
        if (text is not null && !isKnown(text))
        {
            input.Fault(name, $"The file has no such {name}.");
        }

        return text ?? "";
    }

    private static string ReadBuiltIn()
    {
        using Stream file = typeof(AccessPolicyKind).Assembly.GetManifestResourceStream("access.yaml")!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
