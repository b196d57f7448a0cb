using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Customer360.Rules.Conditions;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles;

namespace Customer360.Rules.Audiences;

/// <summary>Reads <c>audiences.yaml</c>: <c>freshness</c>, <c>audiences</c>, <c>traits</c> and <c>decisions</c>.</summary>
internal sealed class AudiencePolicyReader(PolicyFile file)
{
    /// <summary>Audiences of a file at most.</summary>
    public const int AudiencesMax = 1_000;

    private const int TraitsMax = 200;
    private const int PlacementsMax = 200;
    private const int NameLengthMax = 64;
    private const int HashBytes = 6;

    private static readonly string[] s_measures = ["count", "sum", "latest", "first", "mostFrequent"];

    private static readonly TimeSpan s_freshness = TimeSpan.FromMinutes(5);

    private readonly List<ConfigFault> _faults = file.Faults;

    /// <summary>The policy; null after a fault.</summary>
    public AudiencePolicy? Read()
    {
        ConfigSection root = file.Section("freshness", "audiences", "traits", "decisions");
        ImmutableArray<ComputedTrait> traits = ReadTraits(root);
        List<(AudienceDefinition Audience, ConfigSection Section)> audiences = ReadAudiences(root, traits);
        ImmutableArray<Placement> placements = ReadPlacements(root, [.. audiences.Select(one => one.Audience.Name)]);
        ImmutableArray<AudienceDefinition> ordered = _faults.Count > 0 ? [] : Order(audiences);
        if (_faults.Count > 0)
        {
            return null;
        }

        foreach ((AudienceDefinition audience, ConfigSection section) in audiences)
        {
            RefuseEverybody(audience, section);
        }

        return _faults.Count > 0 ? null : new AudiencePolicy(ordered, traits, placements, VersionOf(ordered, traits));
    }

    private List<(AudienceDefinition Audience, ConfigSection Section)> ReadAudiences(
        ConfigSection root,
        ImmutableArray<ComputedTrait> traits
    )
    {
        List<(AudienceDefinition, ConfigSection)> audiences = [];
        FactCatalog catalog = AudienceCatalog.Of(traits);
        TimeSpan freshness = Durations.Read(root, "freshness") ?? s_freshness;
        foreach (
            ConfigSection section in Entries(
                root,
                "audiences",
                AudiencesMax,
                "name",
                "description",
                "owner",
                "purpose",
                "freshness",
                "if",
                "minimumStay",
                "holdout"
            )
        )
        {
            if (ReadAudience(section, catalog, freshness) is { } audience)
            {
                audiences.Add((audience, section));
            }
        }

        // Where one can't be read, whoever asks for it is not wrong.
        foreach ((AudienceDefinition audience, ConfigSection section) in _faults.Count > 0 ? [] : audiences)
        {
            foreach (string other in ConditionParts.AudiencesOf(audience.If))
            {
                if (!audiences.Exists(one => one.Item1.Name == other))
                {
                    section.Fault("if", $"The file has no audience '{other}'.");
                }
            }
        }

        return audiences;
    }

    private AudienceDefinition? ReadAudience(ConfigSection section, FactCatalog catalog, TimeSpan otherwise)
    {
        int before = _faults.Count;
        string name = ReadName(section);
        string purpose = section.RequiredText("purpose") ?? "";
        PolicyOwner? owner = file.OwnerOf(section);
        TimeSpan? freshness = Durations.Read(section, "freshness");
        TimeSpan? stay = Durations.Read(section, "minimumStay");
        int holdout = section.Whole("holdout", 0, 0, 99) ?? 0;
        string? description = section.Find("description") is null ? null : section.RequiredText("description");
        Condition? condition = ReadIf(section, catalog);
        if (_faults.Count > before || condition is null || owner is null)
        {
            return null;
        }

        return new AudienceDefinition(
            name,
            owner,
            purpose,
            freshness ?? otherwise,
            condition,
            HashOf(condition, stay ?? TimeSpan.Zero)
        )
        {
            Description = description,
            MinimumStay = stay ?? TimeSpan.Zero,
            HoldoutPercent = holdout,
        };
    }

    private Condition? ReadIf(ConfigSection section, FactCatalog catalog)
    {
        if (section.Find("if") is not { } node)
        {
            section.Fault("if", "It is missing.");
            return null;
        }

        return new ConditionReader(catalog, _faults, new EventConditionReader(_faults).Forms).Read(
            node,
            section.PathOf("if")
        );
    }

    /// <summary>
    /// Of whom nothing is known is in no audience by accident: "not in the last 30 days" is true of everybody who was never seen.
    /// </summary>
    private static void RefuseEverybody(AudienceDefinition audience, ConfigSection section)
    {
        var nothing = new AudienceFacts(
            () => FactSet.Empty,
            _ => null,
            new Dictionary<string, ComputedTrait>(),
            DateTimeOffset.UnixEpoch
        );
        bool isMeant = ConditionParts.LeavesOf(audience.If).Any(leaf => leaf is EventTest { CountsNever: true });
        if (!isMeant && audience.If.Evaluate(nothing, DateTimeOffset.UnixEpoch) == Truth.True)
        {
            section.Fault(
                "if",
                "It is true of people of whom nothing is known. Add a condition that must hold, or 'ever: false' to the event that was never seen."
            );
        }
    }

    private ImmutableArray<ComputedTrait> ReadTraits(ConfigSection root)
    {
        var traits = ImmutableArray.CreateBuilder<ComputedTrait>();
        foreach (ConfigSection section in Entries(root, "traits", TraitsMax, ["name", "owner", .. s_measures]))
        {
            string name = section.RequiredText("name") ?? "";
            if (name.Length > ProfileFold.NameLengthMax)
            {
                section.Fault("name", "It is too long.");
            }

            file.OwnerOf(section);
            string[] measures = [.. s_measures.Where(word => section.Find(word) is not null)];
            if (measures.Length != 1)
            {
                section.Fault("name", $"It must be worked out by one of: {string.Join(", ", s_measures)}.");
                continue;
            }

            EventMeasure measure = Enum.Parse<EventMeasure>(measures[0], ignoreCase: true);
            ConfigNode node = section.Find(measures[0])!;
            if (new EventConditionReader(_faults).ReadValue(node, section.PathOf(measures[0]), measure) is { } value)
            {
                traits.Add(new ComputedTrait(name, value));
            }
        }

        return traits.ToImmutable();
    }

    private ImmutableArray<Placement> ReadPlacements(ConfigSection root, HashSet<string> audiences)
    {
        var placements = ImmutableArray.CreateBuilder<Placement>();
        foreach (
            ConfigSection section in Entries(
                root,
                "decisions",
                PlacementsMax,
                "name",
                "owner",
                "purpose",
                "control",
                "rules",
                "otherwise"
            )
        )
        {
            string name = ReadName(section);
            file.OwnerOf(section);
            string purpose = section.RequiredText("purpose") ?? "";
            string otherwise = section.RequiredText("otherwise") ?? "";
            int control = section.Whole("control", 0, 0, 99) ?? 0;
            placements.Add(new Placement(name, purpose, ReadRules(section, audiences), otherwise, control));
        }

        return placements.ToImmutable();
    }

    private ImmutableArray<DecisionRule> ReadRules(ConfigSection placement, HashSet<string> audiences)
    {
        var rules = ImmutableArray.CreateBuilder<DecisionRule>();
        foreach (ConfigSection section in Entries(placement, "rules", PlacementsMax, "name", "if", "variant", "shares"))
        {
            Condition? condition = ReadIf(section, new FactCatalog([], open: null));
            if (condition is not null && ConditionParts.LeavesOf(condition).Any(leaf => leaf is not AudienceTest))
            {
                section.Fault(
                    "if",
                    "A decision asks for audiences only, so that it is made without reading anybody's profile."
                );
            }

            foreach (
                string other in condition is null
                    ? []
                    : ConditionParts.AudiencesOf(condition).Where(one => !audiences.Contains(one))
            )
            {
                section.Fault("if", $"The file has no audience '{other}'.");
            }

            rules.Add(
                new DecisionRule(section.RequiredText("name") ?? "", condition ?? Condition.Always, ReadShares(section))
            );
        }

        return rules.ToImmutable();
    }

    private ImmutableArray<VariantShare> ReadShares(ConfigSection rule)
    {
        if (rule.Find("shares") is not { IsNothing: false } node)
        {
            return [new VariantShare(rule.RequiredText("variant") ?? "", 1)];
        }

        if (rule.Find("variant") is not null)
        {
            rule.Fault("variant", "It gives one variant, or shares.");
        }

        var section = new ConfigSection(rule.PathOf("shares"), node, _faults);
        return
        [
            .. section.Members.Select(member => new VariantShare(
                member.Name,
                section.Whole(member.Name, null, 1, 1_000) ?? 1
            )),
        ];
    }

    /// <summary>The entries of a list, each with a name of its own.</summary>
    private IEnumerable<ConfigSection> Entries(ConfigSection parent, string name, int max, params string[] known)
    {
        if (parent.Find(name) is not { IsNothing: false } list)
        {
            yield break;
        }

        if (list.Kind != ConfigKind.List || list.Items.Length > max)
        {
            parent.Fault(name, string.Create(CultureInfo.InvariantCulture, $"It must be a list of {max} at most."));
            yield break;
        }

        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int index = 0; index < list.Items.Length; index++)
        {
            var section = new ConfigSection(
                string.Create(CultureInfo.InvariantCulture, $"{parent.PathOf(name)}[{index}]"),
                list.Items[index],
                _faults,
                known
            );
            if (section.Find("name") is { Text: var own } && !lines.TryAdd(own, section.LineOf("name")))
            {
                section.Fault(
                    "name",
                    string.Create(CultureInfo.InvariantCulture, $"It is there twice; first in line {lines[own]}.")
                );
            }

            yield return section;
        }
    }

    private static string ReadName(ConfigSection section)
    {
        string name = section.RequiredText("name") ?? "";
        if (
            name.Length > 0
            && (
                name.Length > NameLengthMax
                || !name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
            )
        )
        {
            section.Fault("name", "It is 1 to 64 lower-case letters, digits and hyphens.");
        }

        return name;
    }

    /// <summary>Each behind those that it asks for; those that ask for each other in a circle are faults.</summary>
    private static ImmutableArray<AudienceDefinition> Order(
        List<(AudienceDefinition Audience, ConfigSection Section)> audiences
    )
    {
        var ordered = ImmutableArray.CreateBuilder<AudienceDefinition>(audiences.Count);
        HashSet<string> done = [];
        List<(AudienceDefinition Audience, ConfigSection Section)> left = audiences;
        while (left.Count > 0)
        {
            List<(AudienceDefinition Audience, ConfigSection Section)> ready = left.FindAll(one =>
                ConditionParts.AudiencesOf(one.Audience.If).All(done.Contains)
            );
            if (ready.Count == 0)
            {
                left[0]
                    .Section.Fault(
                        "if",
                        $"Audiences ask for each other in a circle: {string.Join(", ", left.Select(one => one.Audience.Name))}."
                    );
                return [];
            }

            foreach ((AudienceDefinition audience, _) in ready)
            {
                ordered.Add(audience);
                done.Add(audience.Name);
            }

            left = left.FindAll(one => !done.Contains(one.Audience.Name));
        }

        return ordered.DrainToImmutable();
    }

    private static string HashOf(Condition condition, TimeSpan stay) =>
        Hash(writer =>
        {
            writer.WriteStartArray();
            condition.WriteJson(writer);
            writer.WriteNumberValue((long)stay.TotalSeconds);
            writer.WriteEndArray();
        });

    private static string VersionOf(
        ImmutableArray<AudienceDefinition> audiences,
        ImmutableArray<ComputedTrait> traits
    ) =>
        Hash(writer =>
        {
            writer.WriteStartArray();
            foreach (AudienceDefinition audience in audiences)
            {
                writer.WriteStringValue($"{audience.Name} {audience.Hash}");
                writer.WriteNumberValue(audience.HoldoutPercent);
            }

            foreach (ComputedTrait trait in traits)
            {
                writer.WriteStartObject();
                writer.WriteString("name"u8, trait.Name);
                trait.Value.WriteJson(writer);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });

    private static string Hash(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        write(writer);
        writer.Flush();
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan).AsSpan(0, HashBytes));
    }
}
