using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Configuration;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;

namespace Customer360.Rules.Identity;

/// <summary>What reading rules came to: the rules, or everything that is wrong with them.</summary>
/// <param name="Rules">Null where there is a fault.</param>
/// <param name="Faults">By line.</param>
public sealed record IdentityRulesReading(IdentityRules? Rules, ImmutableArray<ConfigFault> Faults);

/// <summary>Reads and validates <c>identity.yaml</c> once it has been taken apart.</summary>
public static class IdentityRulesReader
{
    private const int TypesMax = 100;
    private const int TypeLengthMax = 64;
    private const int NumberMax = 1_000_000;

    // A value that may be linked with nothing else links nothing.
    private const int DegreeMin = 2;

    /// <summary>Names that mean something else in paths and receipts.</summary>
    private static readonly string[] s_reservedTypes = ["customer", "group_id"];

    private static readonly string[] s_sections = ["defaultRegion", "identifiers", "blocked", "containment", "regions"];

    private static readonly string[] s_typeRules =
    [
        "priority",
        "limit",
        "window",
        "normalisation",
        "trust",
        "kind",
        "crossRegion",
        "blocked",
    ];

    /// <summary>Values that are as ordinary as they are unlike: a pattern that is found in each blocks everything.</summary>
    private static readonly string[] s_ordinaryValues = ["a", "Z9", "7", "x_y.z", "5f0c7d2e-1b3a-4c68"];

    private static readonly string[] s_ordinaryEmails = ["a@b.co", "7.Q@Z-9.org", "x_y@mail.example.net"];

    private static readonly string[] s_ordinaryPhones = ["+14155550132", "+4930901820", "+861012345678"];

    /// <summary>Reads the whole file. All faults are found, not only the first.</summary>
    /// <param name="phones">Says which regions there are.</param>
    public static IdentityRulesReading Read(ConfigNode file, IPhoneNumbers phones)
    {
        List<ConfigFault> faults = [];
        var root = new ConfigSection("", file, faults, s_sections);
        string region = ReadRegion(root, phones);
        BlockedValues blocked = ReadBlocked(root, faults);
        var containment = new ConfigSection(
            "containment",
            root.Find("containment"),
            faults,
            "quarantineDegree",
            "profile"
        );
        var profile = new ConfigSection("containment.profile", containment.Find("profile"), faults, "identifiersMax");
        int identifiersMax = profile
            .Whole("identifiersMax", IdentityRules.ProfileIdentifiersMaxDefault, 1, NumberMax)!
            .Value;
        var identifiers = new ConfigSection("identifiers", root.Find("identifiers"), faults);
        ImmutableArray<IdentifierRule> rules = ReadTypes(root, identifiers, identifiersMax, faults);
        rules = ReadDegrees(containment, identifiers, rules, faults);
        Regions? regions = RegionsReader.Read(root, faults);
        return faults.Count > 0
            ? new IdentityRulesReading(null, [.. faults.OrderBy(fault => fault.Line)])
            : new IdentityRulesReading(new IdentityRules(rules, region, blocked, identifiersMax, regions), []);
    }

    private static string ReadRegion(ConfigSection root, IPhoneNumbers phones)
    {
        string region = root.RequiredText("defaultRegion") ?? "";
        if (region.Length > 0 && !phones.IsRegion(region))
        {
            root.Fault("defaultRegion", "It must be a region of ISO 3166 in two capital letters, for example US.");
        }

        return region;
    }

    private static BlockedValues ReadBlocked(ConfigSection root, List<ConfigFault> faults)
    {
        if (root.Find("blocked") is not { } node)
        {
            return BlockedValues.None;
        }

        var section = new ConfigSection("blocked", node, faults, "anyCase", "exact", "regex");
        var anyCase = section.Texts("anyCase").Select(text => text.Text);
        var exact = section.Texts("exact").Select(text => text.Text);
        ValuePatterns patterns = ReadPatterns(section, [s_ordinaryValues, s_ordinaryEmails, s_ordinaryPhones]);
        return new BlockedValues(anyCase, exact, patterns);
    }

    /// <param name="ordinary">Groups of values; a pattern that is found in all values of a group is refused.</param>
    private static ValuePatterns ReadPatterns(ConfigSection section, string[][] ordinary)
    {
        var patterns = new List<string>();
        foreach (ConfigNode pattern in section.Texts("regex"))
        {
            string? fault = ValuePatterns.FaultOf(pattern.Text);
            if (fault is null)
            {
                var alone = new ValuePatterns([pattern.Text]);
                fault = ordinary.Any(group => Array.TrueForAll(group, value => alone.Match(value)))
                    ? "The pattern blocks every value. A type that is not wanted is left out instead."
                    : null;
            }

            if (fault is null)
            {
                patterns.Add(pattern.Text);
            }
            else
            {
                section.Fault(pattern.Line, section.PathOf("regex"), fault);
            }
        }

        return new ValuePatterns(patterns);
    }

    private static ImmutableArray<IdentifierRule> ReadTypes(
        ConfigSection root,
        ConfigSection identifiers,
        int identifiersMax,
        List<ConfigFault> faults
    )
    {
        var rules = ImmutableArray.CreateBuilder<IdentifierRule>();
        var byPriority = new Dictionary<int, string>();
        foreach (ConfigMember member in identifiers.Members)
        {
            if (TypeFault(member.Name) is { } fault)
            {
                identifiers.Fault(member.Line, "identifiers", fault);
                continue;
            }

            var section = new ConfigSection(identifiers.PathOf(member.Name), member.Value, faults, s_typeRules);
            IdentifierRule rule = ReadType(member.Name, section, faults);
            if (rule.Priority > 0 && !byPriority.TryAdd(rule.Priority, rule.Type))
            {
                section.Fault("priority", $"The type {byPriority[rule.Priority]} has the same priority.");
            }

            if (rule.Limit > identifiersMax)
            {
                section.Fault(
                    "limit",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"It contradicts containment.profile.identifiersMax, which is {identifiersMax}."
                    )
                );
            }

            rules.Add(rule);
        }

        RefuseHighAccounts(rules, identifiers);
        if (rules.Count == 0 && faults.Count == 0)
        {
            root.Fault("identifiers", "There must be at least one type.");
        }
        else if (rules.Count > TypesMax)
        {
            root.Fault("identifiers", "There may be 100 types at most.");
        }

        return rules.DrainToImmutable();
    }

    /// <summary>As an anchor an account's identifier would keep the person whom the message is about from it.</summary>
    private static void RefuseHighAccounts(IReadOnlyCollection<IdentifierRule> rules, ConfigSection identifiers)
    {
        int others = rules.Where(rule => rule.Kind != IdentifierKind.Account).Max(rule => (int?)rule.Priority) ?? 0;
        foreach (IdentifierRule rule in rules.Where(rule => rule.Kind == IdentifierKind.Account))
        {
            if (rule.Priority < others)
            {
                identifiers.Fault(
                    rule.Type,
                    "An account's type must come after those of persons and devices in priority: it links none of them."
                );
            }
        }
    }

    private static IdentifierRule ReadType(string type, ConfigSection section, List<ConfigFault> faults)
    {
        // Zero where it is at fault, which is told and can't be a rule's.
        var rule = new IdentifierRule(
            type,
            section.Whole("priority", null, 1, NumberMax) ?? 0,
            section.Whole("limit", null, 1, NumberMax) ?? 0,
            section.Word("window", LimitWindow.Ever),
            section.Word("normalisation", Normalisation.Exact)
        )
        {
            Trust = section.Word("trust", IdentifierTrust.Claimed),
            Kind = section.Word("kind", IdentifierKind.Person),
            CrossRegion = section.Flag("crossRegion", otherwise: false),
        };
        bool isAddress = rule.Normalisation is Normalisation.Email or Normalisation.Phone;
        if (rule.Kind == IdentifierKind.Device && isAddress)
        {
            section.Fault("kind", "An e-mail address or a phone number is no device.");
        }

        return rule with
        {
            Blocked = ReadBlocked(rule, section, faults),
        };
    }

    private static BlockedOfType ReadBlocked(IdentifierRule rule, ConfigSection type, List<ConfigFault> faults)
    {
        var section = new ConfigSection(type.PathOf("blocked"), type.Find("blocked"), faults, "exact", "regex");
        var exact = new List<string>();
        foreach (ConfigNode value in section.Texts("exact"))
        {
            if (IdentifierNormalizer.IsNormal(value.Text, rule.Normalisation))
            {
                exact.Add(value.Text);
            }
            else
            {
                section.Fault(
                    value.Line,
                    section.PathOf("exact"),
                    "The value is not in the form in which values of this type are compared "
                        + $"(normalisation {IdentityRulesJson.Word(rule.Normalisation)}), so it would never be found."
                );
            }
        }

        string[] ordinary = rule.Normalisation switch
        {
            Normalisation.Email => s_ordinaryEmails,
            Normalisation.Phone => s_ordinaryPhones,
            _ => s_ordinaryValues,
        };
        ValuePatterns patterns = ReadPatterns(section, [ordinary]);
        return exact.Count == 0 && patterns.Patterns.IsEmpty
            ? BlockedOfType.None
            : new BlockedOfType(exact, patterns, rule.Normalisation);
    }

    private static ImmutableArray<IdentifierRule> ReadDegrees(
        ConfigSection containment,
        ConfigSection identifiers,
        ImmutableArray<IdentifierRule> rules,
        List<ConfigFault> faults
    )
    {
        var section = new ConfigSection(
            containment.PathOf("quarantineDegree"),
            containment.Find("quarantineDegree"),
            faults
        );
        foreach (ConfigMember member in section.Members)
        {
            if (identifiers.Find(member.Name) is null)
            {
                section.Fault(member.Line, section.Path, "A degree is given for a type that is not under identifiers.");
            }
        }

        return [.. rules.Select(rule => rule with { QuarantineDegree = DegreeOf(section, rule) })];
    }

    private static int? DegreeOf(ConfigSection section, IdentifierRule rule) =>
        section.Find(rule.Type) switch
        {
            null => rule.QuarantineDegree,
            { Kind: ConfigKind.Text, Text: "none" } => null,
            { } node => section.WholeOf(node, section.PathOf(rule.Type), DegreeMin, NumberMax),
        };

    private static string? TypeFault(string type)
    {
        bool isName =
            type.Length is > 0 and <= TypeLengthMax
            && char.IsAsciiLetterLower(type[0])
            && type.All(one => char.IsAsciiLetterLower(one) || char.IsAsciiDigit(one) || one is '_' or '.' or '-');
        if (!isName)
        {
            return "A type is 1 to 64 lower-case letters, digits, dots, hyphens and underscores, a letter first.";
        }

        return s_reservedTypes.Contains(type, StringComparer.Ordinal)
            ? $"The name {type} means something else here: choose another."
            : null;
    }
}
