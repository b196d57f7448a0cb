using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Quality;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Attribution;
using Customer360.Rules.Audiences;
using Customer360.Rules.Contracts;
using Customer360.Rules.Destinations;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Policies;
using Customer360.Rules.Profiles.Mastership;
using Customer360.Rules.Quality;

namespace Customer360.Api.Catalog;

/// <summary>What there is, by the policies in force and what sources have sent. It keeps nothing of its own.</summary>
internal sealed class CatalogEntries(
    IPolicy<ContractsPolicy> contracts,
    IPolicy<QualityPolicy> quality,
    IPolicy<MastershipPolicy> mastership,
    IPolicy<AccessPolicy> access,
    IPolicy<IdentityRules> identity,
    IPolicy<AudiencePolicy> audiences,
    IPolicy<DestinationPolicy> destinations,
    IPolicy<AttributionPolicy> attribution
)
{
    /// <summary>All but the policies.</summary>
    public IEnumerable<CatalogEntry> All(ImmutableArray<QualitySeen> seen) =>
        Events(seen).Concat(Fields()).Concat(Identifiers()).Concat(Audiences()).Concat(Destinations());

    /// <summary>The class of a trait, and the owner of the contract that has it.</summary>
    public (string Class, PolicyOwner? Owner) OfTrait(string trait) =>
        (
            FieldClasses.Text(access.Current.ClassOf(trait)),
            contracts
                .Current.Contracts.FirstOrDefault(contract =>
                    contract.Kind == EventKind.Identify && FieldsOf(contract).Contains($"traits.{trait}")
                )
                ?.Owner
        );

    private IEnumerable<CatalogEntry> Events(ImmutableArray<QualitySeen> seen)
    {
        ILookup<string, QualitySeen> byName = seen.ToLookup(one => one.Event, StringComparer.Ordinal);
        ILookup<string, EventContract> planned = contracts.Current.Contracts.ToLookup(
            one => one.Title,
            StringComparer.Ordinal
        );
        return byName
            .Select(one => one.Key)
            .Union(planned.Select(one => one.Key), StringComparer.Ordinal)
            .Select(name =>
            {
                EventContract? contract = planned[name].FirstOrDefault();
                QualitySeen[] sent = [.. byName[name]];
                return new CatalogEntry("event", name)
                {
                    Description =
                        name == QualityFacts.Other
                            ? "Events that no contract has planned and no check names."
                            : contract?.Description,
                    Owner = QualityOwnerAnswer.From(contract?.Owner),
                    Contracts =
                    [
                        .. planned[name]
                            .Select(one =>
                                one.Versions.FirstOrDefault(version => version.Status != ContractStatus.Proposed)
                            )
                            .OfType<ContractVersion>()
                            .Select(version => version.Version.ToString())
                            .Distinct(StringComparer.Ordinal),
                    ],
                    Sources = [.. sent.Select(one => one.Source).Order(StringComparer.Ordinal)],
                    FirstSeenAt = sent.Length == 0 ? null : sent.Min(one => one.FirstAt).UtcDateTime,
                    LastSeenAt = sent.Length == 0 ? null : sent.Max(one => one.LastAt).UtcDateTime,
                    Consumers = [.. ConsumersOfEvent(name).Order(StringComparer.Ordinal)],
                };
            });
    }

    private IEnumerable<CatalogEntry> Fields()
    {
        Dictionary<string, List<EventContract>> byPath = new(StringComparer.Ordinal);
        foreach (EventContract contract in contracts.Current.Contracts)
        {
            foreach (string path in FieldsOf(contract))
            {
                (byPath.TryGetValue(path, out List<EventContract>? of) ? of : byPath[path] = []).Add(contract);
            }
        }

        foreach (MastershipRule rule in mastership.Current.Fields)
        {
            byPath.TryAdd($"traits.{rule.Field}", []);
        }

        return byPath.Select(field =>
        {
            bool isTrait = field.Key.StartsWith("traits.", StringComparison.Ordinal);
            string name = field.Key[(field.Key.IndexOf('.', StringComparison.Ordinal) + 1)..];
            return new CatalogEntry("field", field.Key)
            {
                Owner = QualityOwnerAnswer.From(field.Value.FirstOrDefault()?.Owner),
                Class = FieldClasses.Text(ClassOf(field.Key, name, field.Value)),
                Contracts = [.. field.Value.Select(contract => contract.Title).Distinct(StringComparer.Ordinal)],
                Sources = isTrait ? SourcesOf(name) : [],
                Consumers = [.. ConsumersOfField(field.Key, name, isTrait).Order(StringComparer.Ordinal)],
            };
        });
    }

    /// <summary>Ranked: the field's own, then the default order.</summary>
    private ImmutableArray<string> SourcesOf(string trait) =>
        [
            .. mastership
                .Current.RuleOf(trait)
                .Sources.Concat(mastership.Current.Default.Sources)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>As the contract says it, else as <c>access.yaml</c> has it.</summary>
    private FieldClass ClassOf(string path, string name, List<EventContract> of)
    {
        foreach (EventContract contract in of)
        {
            if (contract.Classes.TryGetValue(path, out FieldClass said) || contract.Classes.TryGetValue(name, out said))
            {
                return said;
            }
        }

        return access.Current.ClassOf(path.StartsWith("traits.", StringComparison.Ordinal) ? name : path);
    }

    private IEnumerable<CatalogEntry> Identifiers() =>
        identity.Current.Identifiers.Select(rule => new CatalogEntry("identifier", rule.Type)
        {
            Owner = QualityOwnerAnswer.From(identity.InForce.Body.Owner),
            Consumers =
            [
                .. destinations
                    .Current.Destinations.Values.Where(one =>
                        one.Role.Length > 0
                        && (one.Identifiers.IsEmpty || one.Identifiers.Contains(rule.Type, StringComparer.Ordinal))
                    )
                    .Select(one => $"destination:{one.Name}"),
            ],
        });

    private IEnumerable<CatalogEntry> Audiences() =>
        audiences.Current.Audiences.Select(audience => new CatalogEntry("audience", audience.Name)
        {
            Description = audience.Description,
            Owner = QualityOwnerAnswer.From(audience.Owner),
            Consumers =
            [
                .. destinations
                    .Current.Destinations.Values.Where(one =>
                        (
                            one.Effects.Contains(EffectKind.AudienceEntered)
                            || one.Effects.Contains(EffectKind.AudienceLeft)
                        ) && (one.Audiences.IsEmpty || one.Audiences.Contains(audience.Name, StringComparer.Ordinal))
                    )
                    .Select(one => $"destination:{one.Name}"),
            ],
        });

    private IEnumerable<CatalogEntry> Destinations() =>
        destinations.Current.Destinations.Values.Select(destination => new CatalogEntry("destination", destination.Name)
        {
            Description = JsonNamingPolicy.CamelCase.ConvertName(destination.Kind.ToString()),
            Owner = QualityOwnerAnswer.From(destination.Owner),
        });

    private IEnumerable<string> ConsumersOfEvent(string name) =>
        audiences
            .Current.Audiences.Where(audience => AudienceUses.EventsOf(audience).Contains(name))
            .Select(audience => $"audience:{audience.Name}")
            .Concat(
                destinations
                    .Current.Destinations.Values.Where(one =>
                        one.Effects.Contains(EffectKind.Message)
                        && (one.Messages.IsEmpty || one.Messages.Contains(name, StringComparer.Ordinal))
                    )
                    .Select(one => $"destination:{one.Name}")
            )
            .Concat(
                attribution
                    .Current.Conversions.Where(one =>
                        new[] { one.Event, one.Updated, one.Refunded, one.Cancelled }.Contains(name)
                    )
                    .Select(one => $"conversion:{one.Name}")
            )
            .Concat(quality.Current.Checks.Values.Where(one => one.Event == name).Select(one => $"check:{one.Id}"));

    private IEnumerable<string> ConsumersOfField(string path, string name, bool isTrait) =>
        audiences
            .Current.Audiences.Where(audience => isTrait && AudienceUses.TraitsOf(audience).Contains(name))
            .Select(audience => $"audience:{audience.Name}")
            .Concat(
                destinations
                    .Current.Destinations.Values.Where(one =>
                        isTrait
                        && one.Role.Length > 0
                        && (one.Traits.IsEmpty || one.Traits.Contains(name, StringComparer.Ordinal))
                    )
                    .Select(one => $"destination:{one.Name}")
            )
            .Concat(
                quality.Current.Checks.Values.Where(one => one.Field?.Text == path).Select(one => $"check:{one.Id}")
            );

    /// <summary>The members that the newest version names, by their path in a message.</summary>
    private static ImmutableSortedSet<string> FieldsOf(EventContract contract)
    {
        using var schema = JsonDocument.Parse(contract.Versions[0].SchemaJson);
        if (contract.Covers == ContractCover.Message)
        {
            return
            [
                .. MembersOf(schema.RootElement)
                    .SelectMany(part => MembersOf(part.Value).Select(member => $"{part.Name}.{member.Name}"))
                    .Where(path => FieldPath.Parse(path) is not null),
            ];
        }

        string prefix = contract.Kind is EventKind.Identify or EventKind.Group ? "traits." : "properties.";
        return [.. MembersOf(schema.RootElement).Select(member => prefix + member.Name)];
    }

    private static JsonProperty[] MembersOf(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object
        && schema.TryGetProperty("properties"u8, out JsonElement properties)
        && properties.ValueKind == JsonValueKind.Object
            ? [.. properties.EnumerateObject()]
            : [];
}
