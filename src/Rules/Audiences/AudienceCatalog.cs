using Customer360.Rules.Conditions;
using Customer360.Rules.Leads;

namespace Customer360.Rules.Audiences;

/// <summary>The facts that audiences may ask for: those of leads, what the lead's own grain says of it, and first and last touch.</summary>
public static class AudienceCatalog
{
    /// <summary>What is told to the customer by the lead and the account, since they are kept elsewhere.</summary>
    public static IReadOnlyList<KeyValuePair<string, FactKind>> Told { get; } =
    [
        new("account", FactKind.Text),
        new("company", FactKind.Text),
        new("country", FactKind.Text),
        new("employees", FactKind.Number),
        new("industry", FactKind.Text),
        new("segment", FactKind.Text),
        new("territory", FactKind.Text),
        new("accountEvidence", FactKind.Text),
        new("accountOwner", FactKind.Text),
        new("fit", FactKind.Number),
        new("inOpenOpportunity", FactKind.Flag),
        new("intent", FactKind.Number),
        new("leadOwner", FactKind.Text),
        new("leadStage", FactKind.Text),
        new("leadStatus", FactKind.Text),
        new("openOpportunity", FactKind.Flag),
        new("opportunityAmount", FactKind.Money),
        new("opportunityLost", FactKind.Flag),
        new("opportunityOwner", FactKind.Text),
        new("opportunityStage", FactKind.Text),
        new("opportunityWon", FactKind.Flag),
        new("score", FactKind.Number),
        new("tier", FactKind.Text),
    ];

    /// <summary>All, with the file's own computed traits.</summary>
    public static FactCatalog Of(IEnumerable<ComputedTrait> computed) =>
        new(
            LeadFacts
                .Catalog.KnownKinds.Concat(Told)
                .Append(new("firstSource", FactKind.Text))
                .Append(new("lastSource", FactKind.Text))
                .Concat(
                    computed.Select(trait =>
                        KeyValuePair.Create($"{AudienceFacts.ComputedPrefix}{trait.Name}", trait.Kind)
                    )
                )
                .DistinctBy(one => one.Key),
            [("custom.", FactKind.Missing), (AudienceFacts.ConsentPrefix, FactKind.Text)]
        );
}
