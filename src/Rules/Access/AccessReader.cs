using System.Collections.Immutable;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Access;

/// <summary>Reads <c>access.yaml</c>. What it can't mean is a fault, with its line.</summary>
internal sealed class AccessReader(PolicyFile file)
{
    private const string Classes = "classes";
    private const string Purposes = "purposes";
    private const string Roles = "roles";
    private const string Read = "read";
    private const string Sees = "sees";
    private const string Consent = "consent";
    private const string Write = "write";
    private const string Does = "does";
    private const string All = "all";

    private AccessPolicy _policy = AccessPolicy.Nothing;

    public static AccessPolicy? From(PolicyFile file) => new AccessReader(file).ReadAll();

    private AccessPolicy? ReadAll()
    {
        ConfigSection root = file.Section(Classes, Purposes, Roles);
        _policy = new AccessPolicy(ReadClasses(root), ReadPurposes(root), AccessPolicy.Nothing.Roles);
        _policy = _policy with { Roles = ReadRoles(root) };
        return file.Faults.Count == 0 ? _policy : null;
    }

    private ImmutableSortedDictionary<FieldPattern, FieldClass> ReadClasses(ConfigSection root)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<FieldPattern, FieldClass>();
        var section = new ConfigSection(
            Classes,
            root.Find(Classes),
            file.Faults,
            "public",
            "internal",
            "personal",
            "sensitive",
            "secret"
        );
        foreach (ConfigMember member in section.Members)
        {
            FieldClass one = FieldClasses.Of(member.Name)!.Value;
            foreach (ConfigNode item in section.Texts(member.Name))
            {
                if (FieldPattern.Parse(item.Text) is not { } pattern)
                {
                    section.Fault(
                        item.Line,
                        section.PathOf(member.Name),
                        "A field is named by its path, for example address.city; a star may stand at its end, not alone."
                    );
                }
                else if (!found.TryAdd(pattern, one))
                {
                    section.Fault(
                        item.Line,
                        section.PathOf(member.Name),
                        $"The field is in class {FieldClasses.Text(found[pattern])} already; a field has one class."
                    );
                }
            }
        }

        if (found.Count > AccessPolicy.PatternsMax)
        {
            section.Fault(section.Line, Classes, $"There are over {AccessPolicy.PatternsMax} fields.");
        }

        return found.ToImmutable();
    }

    private ImmutableSortedDictionary<string, bool> ReadPurposes(ConfigSection root)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<string, bool>(StringComparer.Ordinal);
        ConfigNode? node = root.Find(Purposes);
        if (node?.Kind == ConfigKind.List)
        {
            foreach (
                ConfigNode item in root.Texts(Purposes).Where(item => IsName(root, item.Text, item.Line, Purposes))
            )
            {
                found[item.Text] = false;
            }
        }
        else
        {
            var section = new ConfigSection(Purposes, node, file.Faults);
            foreach (ConfigMember member in section.Members)
            {
                if (IsName(section, member.Name, member.Line, section.PathOf(member.Name)))
                {
                    found[member.Name] = IsConsentNeeded(
                        new ConfigSection(section.PathOf(member.Name), member.Value, file.Faults, Consent)
                    );
                }
            }
        }

        RefuseTooMany(root, Purposes, found.Count);
        return found.ToImmutable();
    }

    private ImmutableSortedDictionary<string, AccessRole> ReadRoles(ConfigSection root)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<string, AccessRole>(StringComparer.Ordinal);
        var section = new ConfigSection(Roles, root.Find(Roles), file.Faults);
        foreach (ConfigMember member in section.Members)
        {
            string path = section.PathOf(member.Name);
            if (!IsName(section, member.Name, member.Line, path))
            {
                continue;
            }

            if (!RoleNames.IsOfPolicy(member.Name) && !member.Value.IsNothing && !IsEmpty(member.Value))
            {
                section.Fault(member.Line, path, "The role is the same in every policy; it can't be described here.");
                continue;
            }

            if (RoleNames.IsOfPolicy(member.Name))
            {
                found[member.Name] = ReadRole(path, member.Value);
            }
        }

        RefuseTooMany(root, Roles, found.Count);
        return found.ToImmutable();
    }

    private AccessRole ReadRole(string path, ConfigNode node)
    {
        var section = new ConfigSection(path, node, file.Faults, Purposes, Read, Sees, Consent, Write, Does);
        return new AccessRole(ReadGrant(section), ReadRolePurposes(section), ReadWrite(section))
        {
            Does = ReadTasks(section),
        };
    }

    private static RoleTasks ReadTasks(ConfigSection role)
    {
        RoleTasks tasks = RoleTasks.None;
        foreach (ConfigNode item in role.Texts(Does))
        {
            if (RoleTaskNames.Of(item.Text) is { } task)
            {
                tasks |= task;
            }
            else
            {
                role.Fault(item.Line, role.PathOf(Does), $"There is no such task. Known: {RoleTaskNames.Known}.");
            }
        }

        return tasks;
    }

    private ImmutableSortedDictionary<string, AccessGrant> ReadRolePurposes(ConfigSection role)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<string, AccessGrant>(StringComparer.Ordinal);
        if (role.Find(Purposes) is not { Kind: ConfigKind.Map } node)
        {
            foreach (ConfigNode item in role.Texts(Purposes))
            {
                if (IsPurpose(role, item.Text, item.Line))
                {
                    found[item.Text] = AccessGrant.Nothing;
                }
            }

            return found.ToImmutable();
        }

        var section = new ConfigSection(role.PathOf(Purposes), node, file.Faults);
        foreach (ConfigMember member in section.Members.Where(member => IsPurpose(role, member.Name, member.Line)))
        {
            found[member.Name] = ReadGrant(
                new ConfigSection(section.PathOf(member.Name), member.Value, file.Faults, Read, Sees, Consent)
            );
        }

        return found.ToImmutable();
    }

    private AccessGrant ReadGrant(ConfigSection section)
    {
        var rules = ImmutableSortedDictionary.CreateBuilder<FieldName, FieldSight>();
        var read = new ConfigSection(section.PathOf(Read), section.Find(Read), file.Faults);
        foreach (ConfigMember member in read.Members)
        {
            if (NameOf(read, member.Name, member.Line) is { } name && ReadSight(read, member) is { } sight)
            {
                rules[name] = sight;
            }
        }

        FieldSets sees = FieldSets.None;
        foreach (ConfigNode item in section.Texts(Sees))
        {
            if (FieldSetNames.Of(item.Text) is { } set)
            {
                sees |= set;
            }
            else
            {
                section.Fault(item.Line, section.PathOf(Sees), $"There is no such part. Known: {FieldSetNames.Known}.");
            }
        }

        return new AccessGrant(rules.ToImmutable(), sees, IsConsentNeeded(section));
    }

    private FieldSight? ReadSight(ConfigSection read, ConfigMember member)
    {
        if (member.Value is { Kind: ConfigKind.Text, Text: "allow" or "withhold" } word)
        {
            return word.Text == "allow" ? FieldSight.Shown : FieldSight.Withheld;
        }

        if (member.Value.Kind == ConfigKind.Map)
        {
            var section = new ConfigSection(read.PathOf(member.Name), member.Value, file.Faults, "mask");
            if (section.RequiredText("mask") is not { } mask)
            {
                return null;
            }

            if (FieldMasks.Of(mask) is { } known)
            {
                return FieldSight.Masked(known);
            }

            section.Fault("mask", $"There is no such mask. Known: {FieldMasks.Known}.");
            return null;
        }

        read.Fault(member.Line, read.PathOf(member.Name), "It must be allow, withhold or {mask: …}.");
        return null;
    }

    private ImmutableArray<FieldName>? ReadWrite(ConfigSection role)
    {
        if (role.Find(Write) is null or { Kind: ConfigKind.Text, Text: All })
        {
            return null;
        }

        var names = ImmutableArray.CreateBuilder<FieldName>();
        foreach (ConfigNode item in role.Texts(Write))
        {
            if (NameOf(role, item.Text, item.Line) is { } name)
            {
                names.Add(name);
            }
        }

        names.Sort();
        return names.ToImmutable();
    }

    /// <summary>A rule about a field that has no class is a typing error, or the field would be unclassified for everybody else.</summary>
    private FieldName? NameOf(ConfigSection section, string text, int line)
    {
        if (FieldName.Parse(text) is not { } name)
        {
            section.Fault(
                line,
                section.PathOf(text),
                $"It is neither a class nor a field. Classes: {FieldClasses.Known}."
            );
            return null;
        }

        if (
            name.IsPattern
            && !_policy.Classes.Keys.Any(known => known.Covers(name.Pattern.Literal) || known == name.Pattern)
        )
        {
            section.Fault(line, section.PathOf(text), "The field has no class; name it under classes.");
            return null;
        }

        return name;
    }

    private bool IsPurpose(ConfigSection role, string text, int line)
    {
        bool isKnown = _policy.Purposes.ContainsKey(text);
        if (!isKnown)
        {
            role.Fault(
                line,
                role.PathOf(Purposes),
                $"There is no such purpose. Known: {string.Join(", ", _policy.Purposes.Keys)}."
            );
        }

        return isKnown;
    }

    private static bool IsConsentNeeded(ConfigSection section)
    {
        ConfigNode? node = section.Find(Consent);
        if (node is not null && node is not { Kind: ConfigKind.Text, Text: "required" })
        {
            section.Fault(Consent, "It must be required, or left out.");
        }

        // Whatever was meant: nothing is shown by mistake.
        return node is not null;
    }

    private static bool IsName(ConfigSection section, string text, int line, string path)
    {
        bool isName = RoleNames.IsName(text);
        if (!isName)
        {
            section.Fault(line, path, "A name is 1 to 40 lower-case letters, digits and hyphens, a letter first.");
        }

        return isName;
    }

    private static bool IsEmpty(ConfigNode node) => node is { Kind: ConfigKind.Map, Members.IsEmpty: true };

    private static void RefuseTooMany(ConfigSection root, string name, int count)
    {
        if (count > AccessPolicy.NamesMax)
        {
            root.Fault(name, $"There are over {AccessPolicy.NamesMax}.");
        }
    }
}
