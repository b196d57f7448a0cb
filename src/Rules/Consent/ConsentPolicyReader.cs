using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Configuration;
using Customer360.Rules.Consent.Wire;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Consent;

/// <summary>
/// Reads <c>consent.yaml</c>. What a file says takes the place of what is built in: purpose by purpose, id by id, source by source,
/// trait by trait, and list by list. What it does not speak of stays.
/// </summary>
internal sealed class ConsentPolicyReader(PolicyFile file)
{
    /// <summary>A consent platform has tens of categories; beyond so many entries of a section something is wrong.</summary>
    private const int EntriesMax = 1_000;

    private const int NameLengthMax = 200;

    private readonly ConsentPolicy _builtIn = ConsentBuiltIn.Policy;

    /// <summary>The policy; null after a fault.</summary>
    public ConsentPolicy? Read()
    {
        ConfigSection root = file.Section("purposes", "wire", "sources", "traits", "personal", "devices", "sdk");
        SortedDictionary<string, ConsentPurpose> purposes = ReadPurposes(root);
        ImmutableArray<ConsentMapping> wire = ReadWire(root, purposes);
        Dictionary<string, ImmutableArray<ConsentPlace>> places = ReadSources(root);
        ImmutableArray<ConsentTrait> traits = ReadTraits(root, purposes);
        ImmutableArray<string> personal = ReadList(root, "personal", _builtIn.Personal);
        foreach (string path in personal.Where(path => !IsPath(path)))
        {
            root.Fault("personal", "It must hold paths such as context.ip.");
        }

        ImmutableArray<string> devices = ReadList(root, "devices", _builtIn.Devices);
        var sdk = new ConfigSection("sdk", root.Find("sdk"), file.Faults, "categories", "needs");
        ImmutableArray<string> categories = ReadList(sdk, "categories", []);
        ImmutableArray<string> needs = ReadList(sdk, "needs", []);
        return file.Faults.Count > 0
            ? null
            : new ConsentPolicy(purposes.Values, wire, places)
            {
                Traits = traits,
                Personal = personal,
                Devices = devices,
                SdkCategories = categories,
                SdkNeeds = needs,
            };
    }

    private SortedDictionary<string, ConsentPurpose> ReadPurposes(ConfigSection root)
    {
        var purposes = new SortedDictionary<string, ConsentPurpose>(StringComparer.Ordinal);
        foreach (ConsentPurpose purpose in _builtIn.Purposes)
        {
            purposes.Add(purpose.Name, purpose);
        }

        var section = new ConfigSection("purposes", root.Find("purposes"), file.Faults);
        foreach (ConfigMember member in section.Members)
        {
            if (!IsName(member.Name))
            {
                section.Fault(
                    member.Line,
                    section.PathOf(Shown(member.Name)),
                    "A purpose is 1 to 64 lower-case letters, digits and hyphens, a letter first."
                );
                continue;
            }

            purposes[member.Name] = ReadPurpose(
                section.PathOf(member.Name),
                member,
                purposes.GetValueOrDefault(member.Name) ?? new ConsentPurpose(member.Name)
            );
        }

        if (purposes.Count > EntriesMax)
        {
            TooMany(section);
        }

        return purposes;
    }

    private ConsentPurpose ReadPurpose(string path, ConfigMember member, ConsentPurpose builtIn)
    {
        var section = new ConfigSection(
            path,
            member.Value,
            file.Faults,
            "scope",
            "basis",
            "choice",
            "regions",
            "days",
            "evidence",
            "collect",
            "read",
            "delivery",
            "objection"
        );
        var regions = new ConfigSection($"{path}.regions", section.Find("regions"), file.Faults);
        foreach (ConfigMember region in regions.Members.Where(region => !Regions.IsName(region.Name)))
        {
            regions.Fault(
                region.Line,
                regions.PathOf(Shown(region.Name)),
                "A region is 1 to 16 lower-case letters, digits and hyphens, a letter first."
            );
        }

        ImmutableArray<string> evidence = ReadList(section, "evidence", builtIn.Evidence);
        foreach (string form in evidence.Where(form => !IsForm(form)))
        {
            section.Fault("evidence", UnknownForm);
        }

        return builtIn with
        {
            Scope = Word(section, "scope", ConsentWords.Scopes, builtIn.Scope),
            Basis = section.Find("basis") is null ? builtIn.Basis : section.RequiredText("basis") ?? builtIn.Basis,
            Choice = Word(section, "choice", ConsentWords.Choices, builtIn.Choice),
            Regions = regions.Members.Any()
                ? regions.Members.ToImmutableSortedDictionary(
                    region => region.Name,
                    region => Word(regions, region.Name, ConsentWords.Choices, ConsentChoice.OptIn),
                    StringComparer.Ordinal
                )
                : builtIn.Regions,
            Days = section.Find("days") is { IsNothing: false }
                ? section.Whole("days", builtIn.Days, min: 1, max: 36_500)
                : builtIn.Days,
            Evidence = evidence,
            Collect = Word(section, "collect", ConsentWords.Boundaries, builtIn.Collect),
            Read = Word(section, "read", ConsentWords.Reads, builtIn.Read),
            DeliversAnyway = Word(section, "delivery", ConsentWords.Deliveries, builtIn.DeliversAnyway),
            IsObjectedTo = Word(section, "objection", ConsentWords.Objections, builtIn.IsObjectedTo),
        };
    }

    private ImmutableArray<ConsentMapping> ReadWire(
        ConfigSection root,
        SortedDictionary<string, ConsentPurpose> purposes
    )
    {
        Dictionary<(string, string), ConsentMapping> mappings = _builtIn.Wire.ToDictionary(one => (one.Form, one.Id));
        var section = new ConfigSection("wire", root.Find("wire"), file.Faults);
        foreach (ConfigMember form in section.Members)
        {
            if (form.Name != ConsentPolicy.Any && !ConsentForms.Known.Contains(form.Name))
            {
                section.Fault(form.Line, section.PathOf(Shown(form.Name)), UnknownForm);
                continue;
            }

            var ids = new ConfigSection(section.PathOf(form.Name), form.Value, file.Faults);
            foreach (ConfigMember id in ids.Members)
            {
                ImmutableArray<string> mapped = id.Value is { Kind: ConfigKind.Text, IsNothing: false } one
                    ? [one.Text]
                    : [.. ids.Texts(id.Name).Select(text => text.Text)];
                foreach (string purpose in mapped.Where(purpose => !purposes.ContainsKey(purpose)))
                {
                    ids.Fault(id.Line, ids.PathOf(Shown(id.Name)), UnknownPurpose(purposes));
                }

                mappings[(form.Name, id.Name)] = new ConsentMapping(
                    form.Name,
                    id.Name,
                    [.. mapped.Order(StringComparer.Ordinal)]
                );
            }
        }

        if (mappings.Count > EntriesMax)
        {
            TooMany(section);
        }

        return [.. mappings.Values];
    }

    private Dictionary<string, ImmutableArray<ConsentPlace>> ReadSources(ConfigSection root)
    {
        var places = _builtIn.Places.ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal);
        var section = new ConfigSection("sources", root.Find("sources"), file.Faults);
        foreach (ConfigMember source in section.Members)
        {
            var forms = new ConfigSection(section.PathOf(Shown(source.Name)), source.Value, file.Faults);
            var found = ImmutableArray.CreateBuilder<ConsentPlace>();
            foreach (ConfigMember form in forms.Members)
            {
                if (!ConsentForms.Known.Contains(form.Name))
                {
                    forms.Fault(form.Line, forms.PathOf(Shown(form.Name)), UnknownForm);
                }
                else if (form.Value is not { Kind: ConfigKind.Text, IsNothing: false } || !IsPath(form.Value.Text))
                {
                    forms.Fault(
                        form.Line,
                        forms.PathOf(form.Name),
                        "It must be the path in the message where the form stands, for example context.consent."
                    );
                }
                else
                {
                    found.Add(new ConsentPlace(form.Name, form.Value.Text));
                }
            }

            found.Sort(static (left, right) => string.CompareOrdinal(left.Form, right.Form));
            places[source.Name] = found.DrainToImmutable();
        }

        if (places.Count > EntriesMax)
        {
            TooMany(section);
        }

        return places;
    }

    private ImmutableArray<ConsentTrait> ReadTraits(
        ConfigSection root,
        SortedDictionary<string, ConsentPurpose> purposes
    )
    {
        var traits = new SortedDictionary<string, ConsentTrait>(StringComparer.Ordinal);
        foreach (ConsentTrait trait in _builtIn.Traits)
        {
            traits.Add(trait.Trait, trait);
        }

        var section = new ConfigSection("traits", root.Find("traits"), file.Faults);
        foreach (ConfigMember member in section.Members)
        {
            var trait = new ConfigSection(
                section.PathOf(Shown(member.Name)),
                member.Value,
                file.Faults,
                "purpose",
                "denies",
                "grants"
            );
            int star = member.Name.IndexOf(ConsentTrait.Many, StringComparison.Ordinal);
            if (star >= 0 && (star == 0 || star < member.Name.Length - 1))
            {
                section.Fault(member.Line, trait.Path, "A * may stand at the end of a name, behind its beginning.");
            }

            string? purpose = trait.RequiredText("purpose");
            if (purpose is not null && !purposes.ContainsKey(purpose))
            {
                trait.Fault("purpose", UnknownPurpose(purposes));
            }

            ImmutableArray<string> denies = ReadList(trait, "denies", []);
            ImmutableArray<string> grants = ReadList(trait, "grants", []);
            if (denies.IsEmpty && grants.IsEmpty)
            {
                trait.Fault("denies", "It must say which values deny or grant.");
            }

            if (denies.Intersect(grants, StringComparer.Ordinal).Any())
            {
                trait.Fault("grants", "A value can't deny and grant.");
            }

            traits[member.Name] = new ConsentTrait(member.Name, purpose ?? "", denies, grants);
        }

        if (traits.Count > EntriesMax)
        {
            TooMany(section);
        }

        return [.. traits.Values];
    }

    private static ImmutableArray<string> ReadList(ConfigSection section, string name, ImmutableArray<string> builtIn)
    {
        if (section.Find(name) is null)
        {
            return builtIn;
        }

        ImmutableArray<ConfigNode> texts = section.Texts(name);
        if (texts.Length > EntriesMax || texts.Any(text => text.Text.Length > NameLengthMax))
        {
            section.Fault(
                name,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"It must hold {EntriesMax} texts at most, of {NameLengthMax} characters at most."
                )
            );
        }

        return [.. texts.Select(text => text.Text).Order(StringComparer.Ordinal)];
    }

    private static T Word<T>(
        ConfigSection section,
        string name,
        ImmutableArray<(string Text, T Value)> words,
        T otherwise
    )
    {
        if (section.Find(name) is not { } node)
        {
            return otherwise;
        }

        foreach ((string text, T value) in words)
        {
            if (node.Kind == ConfigKind.Text && node.Text == text)
            {
                return value;
            }
        }

        section.Fault(name, $"It must be one of: {string.Join(", ", words.Select(word => word.Text))}.");
        return otherwise;
    }

    private static string UnknownForm =>
        $"There is no such form. Known: {string.Join(", ", ConsentForms.Known.Order(StringComparer.Ordinal))}.";

    private static string UnknownPurpose(SortedDictionary<string, ConsentPurpose> purposes) =>
        $"There is no such purpose. Known: {string.Join(", ", purposes.Keys.Take(50))}.";

    private static void TooMany(ConfigSection section) =>
        section.Fault(
            section.Line,
            section.Path,
            string.Create(CultureInfo.InvariantCulture, $"It may have {EntriesMax} entries.")
        );

    private static bool IsForm(string text) =>
        ConsentForms.Known.Contains(text) || text is ConsentSpanForms.Api or ConsentSpanForms.Trait;

    private static bool IsPath(string path) =>
        path.Length is > 0 and <= NameLengthMax && path.Split('.').All(member => member.Length > 0);

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64
        && char.IsAsciiLetterLower(name[0])
        && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    /// <summary>Somebody may send anything: a fault never repeats more than a name's length of it.</summary>
    private static string Shown(string name) => name.Length <= NameLengthMax ? name : $"{name[..NameLengthMax]}…";
}
