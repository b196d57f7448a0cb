using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Configuration;

namespace Customer360.Rules.Conditions;

/// <summary>
/// Reads conditions of a policy file: <c>{all: […]}</c>, <c>{any: […]}</c>, <c>{not: {…}}</c>, or
/// <c>{fact: NAME, OPERATOR: VALUE, orMissing?: true, ignoreCase?: true}</c>. A kind of policy may have forms of its own beside these.
/// </summary>
public sealed class ConditionReader
{
    private const int PartsMax = 200;
    private const int DepthMax = 12;
    private const int DaysMax = 36_500;
    private const string OrMissing = "orMissing";
    private const string IgnoreCase = "ignoreCase";

    private static readonly string[] s_forms = ["all", "any", "not", "fact"];

    private static readonly string[] s_names =
    [
        .. s_forms,
        .. FactOperators.Words.Select(word => word.Text),
        OrMissing,
        IgnoreCase,
    ];

    private readonly FactCatalog _catalog;
    private readonly List<ConfigFault> _faults;
    private readonly ImmutableArray<ConditionForm> _own;

    /// <param name="own">Forms that the kind has beside those that all have.</param>
    public ConditionReader(FactCatalog catalog, List<ConfigFault> faults, params ImmutableArray<ConditionForm> own) =>
        (_catalog, _faults, _own) = (catalog, faults, own);

    /// <summary>The condition; null, and faults, where it can't be read.</summary>
    /// <param name="path">Where it stands: <c>rules[3].if</c>.</param>
    public Condition? Read(ConfigNode node, string path)
    {
        int parts = 0;
        Condition? condition = Read(node, path, depth: 0, ref parts);
        if (parts > PartsMax)
        {
            Fault(node.Line, path, string.Create(CultureInfo.InvariantCulture, $"It has over {PartsMax} parts."));
            return null;
        }

        return condition;
    }

    private void Fault(int line, string path, string message) => _faults.Add(new ConfigFault(line, path, message));

    private Condition? Read(ConfigNode node, string path, int depth, ref int parts)
    {
        parts++;
        if (depth > DepthMax)
        {
            Fault(node.Line, path, "It is nested too deeply.");
            return null;
        }

        if (_own.FirstOrDefault(form => node.Members.Any(member => member.Name == form.Word)) is { } own)
        {
            return own.Read(node, path);
        }

        int before = _faults.Count;
        var section = new ConfigSection(path, node, _faults, s_names);
        string[] forms = [.. s_forms.Where(form => section.Find(form) is not null)];
        if (_faults.Count > before)
        {
            return null;
        }

        if (forms.Length != 1)
        {
            Fault(
                node.Line,
                path,
                $"It must have one of: {string.Join(", ", s_forms.Concat(_own.Select(form => form.Word)))}."
            );
            return null;
        }

        if (forms[0] == "fact")
        {
            return ReadTest(section);
        }

        if (section.Members.Count() > 1)
        {
            Fault(node.Line, path, $"Beside '{forms[0]}' nothing else may stand.");
            return null;
        }

        ConfigNode inner = section.Find(forms[0])!;
        if (forms[0] == "not")
        {
            return Read(inner, section.PathOf("not"), depth + 1, ref parts) is { } part ? new NotOf(part) : null;
        }

        return ReadParts(section.PathOf(forms[0]), inner, depth, ref parts) is { } all
            ? forms[0] == "all"
                ? new AllOf(all)
                : new AnyOf(all)
            : null;
    }

    private ImmutableArray<Condition>? ReadParts(string path, ConfigNode list, int depth, ref int parts)
    {
        if (list.Kind != ConfigKind.List || list.Items.IsEmpty)
        {
            Fault(list.Line, path, "It must be a list of conditions.");
            return null;
        }

        var found = ImmutableArray.CreateBuilder<Condition>(list.Items.Length);
        for (int index = 0; index < list.Items.Length; index++)
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
            if (Read(list.Items[index], place, depth + 1, ref parts) is { } part)
            {
                found.Add(part);
            }
        }

        return found.Count == list.Items.Length ? found.DrainToImmutable() : null;
    }

    private FactTest? ReadTest(ConfigSection section)
    {
        int before = _faults.Count;
        string fact = section.RequiredText("fact") ?? "";
        FactKind? kind = _catalog.KindOf(fact);
        if (fact.Length > 0 && kind is null)
        {
            section.Fault("fact", $"There is no such fact. Known: {_catalog.Names}.");
        }

        (string Text, FactOperator Value)[] used =
        [
            .. FactOperators.Words.Where(word => section.Find(word.Text) is not null),
        ];
        bool orMissing = section.Flag(OrMissing, otherwise: false);
        bool ignoresCase = section.Flag(IgnoreCase, otherwise: false);
        if (used.Length != 1)
        {
            string known = string.Join(", ", FactOperators.Words.Select(word => word.Text));
            section.Fault("fact", $"It must be compared by one of: {known}.");
            return null;
        }

        (string name, FactOperator @operator) = used[0];
        if (orMissing && @operator is FactOperator.Exists or FactOperator.Changed)
        {
            section.Fault(OrMissing, $"With '{name}' a missing fact is not unknown.");
        }

        ImmutableArray<FactValue> wanted = ReadWanted(section, name, @operator, kind ?? FactKind.Missing);
        return _faults.Count > before ? null : Test(section, name, fact, @operator, wanted, orMissing, ignoresCase);
    }

    private static FactTest? Test(
        ConfigSection section,
        string name,
        string fact,
        FactOperator @operator,
        ImmutableArray<FactValue> wanted,
        bool orMissing,
        bool ignoresCase
    )
    {
        try
        {
            return new FactTest(fact, @operator, wanted, orMissing, ignoresCase);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            section.Fault(name, "It must be a regular expression without look-around and back-references.");
            return null;
        }
    }

    private ImmutableArray<FactValue> ReadWanted(
        ConfigSection section,
        string name,
        FactOperator @operator,
        FactKind kind
    )
    {
        ConfigNode node = section.Find(name)!;
        string path = section.PathOf(name);
        if (@operator is FactOperator.Exists or FactOperator.Changed)
        {
            return [FactValue.Of(section.Flag(name, otherwise: true))];
        }

        if (@operator == FactOperator.WithinDays)
        {
            Needs(section, name, kind, FactKind.Instant);
            return section.WholeOf(node, path, 1, DaysMax) is { } days ? [FactValue.Of(days)] : [];
        }

        FactKind wantedKind = FactOperators.IsOfText(@operator) ? FactKind.Text : ItemKind(kind);
        if (FactOperators.IsOfText(@operator))
        {
            Needs(section, name, kind, FactKind.Text);
        }
        else if (@operator == FactOperator.Contains)
        {
            Needs(section, name, kind, FactKind.Text, FactKind.List);
        }
        else if (FactOperators.IsOfOrder(@operator))
        {
            Needs(section, name, kind, FactKind.Number, FactKind.Money, FactKind.Instant);
        }
        else if (@operator == FactOperator.EqualTo && kind == FactKind.List)
        {
            section.Fault(name, "The fact is a list: use contains or in.");
        }

        return @operator == FactOperator.In
            ? ReadList(node, wantedKind, path)
            : ReadOne(node, wantedKind, path, @operator);
    }

    private ImmutableArray<FactValue> ReadList(ConfigNode node, FactKind kind, string path)
    {
        if (node.Kind != ConfigKind.List || node.Items.IsEmpty || node.Items.Length > FactLiteral.ItemsMax)
        {
            Fault(
                node.Line,
                path,
                string.Create(CultureInfo.InvariantCulture, $"It must be a list of 1 to {FactLiteral.ItemsMax} values.")
            );
            return [];
        }

        var found = ImmutableArray.CreateBuilder<FactValue>(node.Items.Length);
        foreach (ConfigNode item in node.Items)
        {
            if (item.Kind == ConfigKind.List)
            {
                Fault(item.Line, path, "A list stands in no list.");
            }
            else if (FactLiteral.Read(item, kind, path, _faults) is { } value)
            {
                found.Add(value);
            }
        }

        return found.DrainToImmutable();
    }

    private ImmutableArray<FactValue> ReadOne(ConfigNode node, FactKind kind, string path, FactOperator @operator)
    {
        if (FactLiteral.Read(node, kind, path, _faults) is not { } value)
        {
            return [];
        }

        if (!value.IsKnown || value.Kind == FactKind.List)
        {
            Fault(node.Line, path, "It must be a plain value.");
        }
        else if (kind == FactKind.Missing && FactOperators.IsOfOrder(@operator) && value.CompareTo(value) is null)
        {
            Fault(node.Line, path, "It must be a number, money or a time: only these have an order.");
        }
        else if (@operator == FactOperator.Matches && value.Text.Length > FactTest.PatternLengthMax)
        {
            Fault(
                node.Line,
                path,
                string.Create(CultureInfo.InvariantCulture, $"It has over {FactTest.PatternLengthMax} characters.")
            );
        }

        return [value];
    }

    /// <summary>Items of a list are of any kind.</summary>
    private static FactKind ItemKind(FactKind kind) => kind == FactKind.List ? FactKind.Missing : kind;

    private static void Needs(ConfigSection section, string name, FactKind kind, params FactKind[] allowed)
    {
        if (kind != FactKind.Missing && !allowed.Contains(kind))
        {
            section.Fault(name, $"The fact is {FactLiteral.NameOf(kind)}, which '{name}' does not compare.");
        }
    }
}

/// <summary>A form of condition that a kind of policy has for itself: known by a member of its name.</summary>
/// <param name="Word">The member: <c>event</c>.</param>
/// <param name="Read">Reads the map that has it; null, and faults, where it can't. It gets the map and the path of it.</param>
public sealed record ConditionForm(string Word, Func<ConfigNode, string, Condition?> Read);
