using System.Text.Json;
using Customer360.Rules.Configuration;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Identity;

/// <summary><c>identity.yaml</c>: which values are identifiers, and what may come together in one customer.</summary>
/// <param name="phones">Says which regions have phone numbers, and is part of how messages are read.</param>
public sealed class IdentityPolicyKind(IPhoneNumbers phones) : PolicyKind<IdentityRules>(KindName, s_builtIn)
{
    public const string KindName = "identity";

    private static readonly string s_builtIn = ReadBuiltIn();

    public override PolicyTrial Trial => PolicyTrial.Job;

    public override string Release => ReadingVersion.Of(phones);

    protected override IdentityRules? Read(PolicyFile file)
    {
        IdentityRulesReading reading = IdentityRulesReader.Read(file.Root, phones);
        file.Faults.AddRange(reading.Faults);
        return reading.Rules;
    }

    protected override void Write(Utf8JsonWriter writer, IdentityRules policy) =>
        writer.WriteRawValue(IdentityRulesJson.Write(policy));

    /// <summary>Anchors choose the partition that a message is stored in.</summary>
    protected override bool HasSameGround(IdentityRules before, IdentityRules next) => next.AnchorsAs(before);

    /// <summary>
    /// <c>input: {type: value}</c>, a value or a list of them → <c>expect: {anchor, identifiers}</c>: what a message with these
    /// values has, by priority. A value that is no identifier is missing there.
    /// </summary>
    protected override IReadOnlyDictionary<string, string> Decide(IdentityRules policy, PolicyExample example)
    {
        ConfigSection input = example.Section();
        var found = new IdentifierCollector(
            policy,
            phones,
            policy.Regions?.Default,
            stackalloc int[IdentifierCollector.CountMax]
        );
        foreach (ConfigMember member in input.Members)
        {
            if (policy.Find(member.Name) is null)
            {
                input.Fault(member.Line, input.PathOf(member.Name), "There is no such type under identifiers.");
                continue;
            }

            foreach (ConfigNode value in member.Value.Kind == ConfigKind.List ? member.Value.Items : [member.Value])
            {
                if (value.Kind == ConfigKind.Text)
                {
                    found.Add(member.Name, value.Text);
                }
                else
                {
                    input.Fault(value.Line, input.PathOf(member.Name), "It must be a text or a list of texts.");
                }
            }
        }

        string[] identifiers = [.. found.ToIdentifiers().Select(identifier => identifier.ToString())];
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["anchor"] = identifiers is [var anchor, ..] ? anchor : "",
            ["identifiers"] = string.Join(", ", identifiers),
        };
    }

    private static string ReadBuiltIn()
    {
        using Stream stream = typeof(IdentityPolicyKind).Assembly.GetManifestResourceStream("identity.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
