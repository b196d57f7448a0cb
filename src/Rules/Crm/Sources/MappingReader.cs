using System.Collections.Immutable;
using Customer360.Rules.Configuration;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Events;

namespace Customer360.Rules.Crm.Sources;

/// <summary>Reads <c>records</c>, <c>id</c> and <c>rules</c> of a source.</summary>
internal sealed class MappingReader(ConfigSection source, List<ConfigFault> faults)
{
    private const int RulesMax = 200;
    private const int FieldsMax = 500;

    private static readonly ImmutableArray<string> s_always = ["name", "when", "type"];
    private static readonly ImmutableArray<string> s_message =
    [
        "event",
        "group",
        "time",
        "timeUnit",
        "identifiers",
        "fields",
    ];

    private enum RuleType
    {
        Identify,
        Track,
        Group,
        Skip,
        Read,
        Forget,
    }

    /// <summary>The mapping; null after a fault.</summary>
    public RecordMapping? Read()
    {
        FieldPath? records = ReadPath("records", "$");
        ValueSource? id = ReadValue(source, "id", isRequired: true);
        ConfigNode? node = source.Find("rules");
        if (node is not { Kind: ConfigKind.List, Items.IsEmpty: false })
        {
            source.Fault("rules", "It must be a list of rules.");
            return null;
        }

        if (node.Items.Length > RulesMax)
        {
            source.Fault("rules", $"It may have {RulesMax} rules.");
            return null;
        }

        var rules = ImmutableArray.CreateBuilder<MappingRule>(node.Items.Length);
        for (int index = 0; index < node.Items.Length; index++)
        {
            if (ReadRule(node.Items[index], $"{source.PathOf("rules")}[{index}]") is { } rule)
            {
                if (rules.Any(other => other.Name == rule.Name))
                {
                    source.Fault(node.Items[index].Line, source.PathOf("rules"), "Two rules have the same name.");
                }

                rules.Add(rule);
            }
        }

        return records is null || id is null ? null : new RecordMapping(records, id, rules.DrainToImmutable());
    }

    private MappingRule? ReadRule(ConfigNode node, string path)
    {
        var typeOnly = new ConfigSection(path, node, []);
        RuleType type = typeOnly.Word("type", RuleType.Identify);
        ImmutableArray<string> own = type switch
        {
            RuleType.Skip => ["because"],
            RuleType.Read => ["object", "record", "time", "timeUnit"],
            RuleType.Forget => ["identifiers"],
            _ => s_message,
        };
        var rule = new ConfigSection(path, node, faults, [.. s_always, .. own]);
        // Read again, so that a word that there is not is told of.
        rule.Word("type", RuleType.Identify);
        if (rule.Find("type") is null)
        {
            rule.Fault("type", "It is missing.");
        }

        string? name = rule.RequiredText("name");
        if (name?.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-') == false)
        {
            rule.Fault("name", "It must be of letters, digits and hyphens: it is part of the ids of messages.");
        }

        ImmutableArray<RuleCondition> when = ReadWhen(rule);
        MappingRule read = new(name ?? "", ResultOf(type))
        {
            When = when,
            Kind = KindOf(type),
            Event = type == RuleType.Track ? ReadValue(rule, "event", isRequired: true) : null,
            Group = ReadGroup(rule, type),
            Time = ReadValue(rule, "time", isRequired: false),
            TimeUnit = rule.Word("timeUnit", FieldUnit.Usual),
            Identifiers = ReadIdentifiers(rule, type),
            Fields = ReadFields(rule),
            Because = type == RuleType.Skip ? rule.RequiredText("because") ?? "" : "",
            Object = type == RuleType.Read ? ReadValue(rule, "object", isRequired: true) : null,
            Record = type == RuleType.Read ? ReadValue(rule, "record", isRequired: true) : null,
        };
        if (read.TimeUnit == FieldUnit.Minor)
        {
            rule.Fault("timeUnit", "It must be one of: usual, seconds, milliseconds, slashDate.");
        }

        return name is null ? null : read;
    }

    private static RuleResult ResultOf(RuleType type) =>
        type switch
        {
            RuleType.Skip => RuleResult.Skip,
            RuleType.Read => RuleResult.Read,
            RuleType.Forget => RuleResult.Forget,
            _ => RuleResult.Message,
        };

    private static EventKind KindOf(RuleType type) =>
        type switch
        {
            RuleType.Track => EventKind.Track,
            RuleType.Group => EventKind.Group,
            _ => EventKind.Identify,
        };

    private static ValueSource? ReadGroup(ConfigSection rule, RuleType type)
    {
        if (type is RuleType.Identify or RuleType.Track && rule.Find("group") is not null)
        {
            rule.Fault("group", "It is for rules of type group.");
        }

        return type == RuleType.Group ? ReadValue(rule, "group", isRequired: true) : null;
    }

    private ImmutableArray<RuleCondition> ReadWhen(ConfigSection rule)
    {
        var section = new ConfigSection(rule.PathOf("when"), rule.Find("when"), faults);
        var when = ImmutableArray.CreateBuilder<RuleCondition>();
        foreach (ConfigMember member in section.Members)
        {
            if (!ValueSource.TryParse(member.Name, out ValueSource? value, out string? fault))
            {
                section.Fault(member.Line, section.PathOf(member.Name), fault);
                continue;
            }

            ImmutableArray<string>? anyOf = member.Value switch
            {
                { IsNothing: true } => [],
                { Kind: ConfigKind.Text, Text: "*", IsQuoted: true } => null,
                { Kind: ConfigKind.Text } text => [text.Text],
                _ => [.. section.Texts(member.Name).Select(text => text.Text)],
            };
            when.Add(new RuleCondition(value, anyOf));
        }

        return when.ToImmutable();
    }

    private ImmutableArray<IdentifierMapping> ReadIdentifiers(ConfigSection rule, RuleType type)
    {
        var section = new ConfigSection(rule.PathOf("identifiers"), rule.Find("identifiers"), faults);
        var identifiers = ImmutableArray.CreateBuilder<IdentifierMapping>();
        foreach (ConfigMember member in section.Members)
        {
            if (member.Name.Contains(':', StringComparison.Ordinal))
            {
                section.Fault(member.Line, section.PathOf(member.Name), "A type of identifiers has no colon.");
            }
            else if (ReadValue(section, member.Name, isRequired: true) is { } value)
            {
                identifiers.Add(new IdentifierMapping(member.Name, value));
            }
        }

        bool isNeeded = type is not (RuleType.Skip or RuleType.Read);
        if (isNeeded && identifiers.Count == 0)
        {
            rule.Fault("identifiers", "It must say whom the record is about: {email: $.email}.");
        }

        return identifiers.ToImmutable();
    }

    private ImmutableArray<FieldMapping> ReadFields(ConfigSection rule)
    {
        var section = new ConfigSection(rule.PathOf("fields"), rule.Find("fields"), faults);
        var fields = ImmutableArray.CreateBuilder<FieldMapping>();
        foreach (ConfigMember member in section.Members.Take(FieldsMax + 1))
        {
            if (ReadField(section, member) is { } field)
            {
                fields.Add(field);
            }
        }

        if (fields.Count > FieldsMax)
        {
            section.Fault(section.Line, section.Path, $"It may have {FieldsMax} fields.");
        }

        return fields.ToImmutable();
    }

    private FieldMapping? ReadField(ConfigSection fields, ConfigMember member)
    {
        if (member.Value.Kind == ConfigKind.Text)
        {
            return ReadValue(fields, member.Name, isRequired: true) is { } plain
                ? new FieldMapping(member.Name, plain, FieldType.Text)
                : null;
        }

        var field = new ConfigSection(
            fields.PathOf(member.Name),
            member.Value,
            faults,
            "path",
            "constant",
            "type",
            "unit",
            "separator",
            "currency",
            "required"
        );
        ValueSource? value = ReadConstantOrPath(field);
        FieldType type = field.Word("type", FieldType.Text);
        FieldUnit unit = field.Word("unit", FieldUnit.Usual);
        bool isUnitOfType = unit switch
        {
            FieldUnit.Usual => true,
            FieldUnit.Minor => type == FieldType.Money,
            _ => type == FieldType.Time,
        };
        if (!isUnitOfType)
        {
            field.Fault("unit", "Times have the units seconds, milliseconds and slashDate, and money has minor.");
        }

        ValueSource? currency = null;
        if (type == FieldType.Money)
        {
            currency =
                field.Find("currency") is { Kind: ConfigKind.Text, Text: { Length: 3 } code }
                && code.All(char.IsAsciiLetterUpper)
                    ? ValueSource.Constant(code)
                    : ReadValue(field, "currency", isRequired: true);
        }
        else if (field.Find("currency") is not null)
        {
            field.Fault("currency", "It is for money.");
        }

        string separator = SourcesReader.TextOf(field, "separator") ?? ";";
        if (type != FieldType.List && field.Find("separator") is not null)
        {
            field.Fault("separator", "It is for lists.");
        }

        return value is null
            ? null
            : new FieldMapping(member.Name, value, type)
            {
                Unit = unit,
                Separator = separator,
                Currency = currency,
                IsRequired = field.Flag("required", otherwise: false),
            };
    }

    private static ValueSource? ReadConstantOrPath(ConfigSection field)
    {
        bool hasConstant = field.Find("constant") is not null;
        if (hasConstant == field.Find("path") is not null)
        {
            field.Fault(field.Line, field.Path, "It must have either path or constant.");
            return null;
        }

        return hasConstant
            ? field.RequiredText("constant") is { } text
                ? ValueSource.Constant(text)
                : null
            : ReadValue(field, "path", isRequired: true);
    }

    private FieldPath? ReadPath(string name, string otherwise)
    {
        string text = SourcesReader.TextOf(source, name) ?? otherwise;
        if (!FieldPath.TryParse(text, out FieldPath? path, out string? fault))
        {
            source.Fault(name, fault);
        }

        return path;
    }

    /// <summary>A place, or <c>{constant: …}</c>.</summary>
    private static ValueSource? ReadValue(ConfigSection section, string name, bool isRequired)
    {
        ConfigNode? node = section.Find(name);
        if (node is null && !isRequired)
        {
            return null;
        }

        if (node is { Kind: ConfigKind.Map, Members: [{ Name: "constant", Value.Kind: ConfigKind.Text } constant] })
        {
            return ValueSource.Constant(constant.Value.Text);
        }

        if (section.RequiredText(name) is not { } text)
        {
            return null;
        }

        if (!ValueSource.TryParse(text, out ValueSource? value, out string? fault))
        {
            section.Fault(name, fault);
        }

        return value;
    }
}
