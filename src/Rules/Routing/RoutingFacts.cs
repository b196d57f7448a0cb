using Customer360.Rules.Conditions;

namespace Customer360.Rules.Routing;

/// <summary>What routing may ask of a lead. Fields of your own stand below <c>custom.</c>.</summary>
public static class RoutingFacts
{
    public const string Territory = "territory";
    public const string AccountOwner = "accountOwner";
    public const string OpenOpportunity = "openOpportunity";
    public const string OpportunityOwner = "opportunityOwner";
    public const string DuplicateOf = "duplicateOf";
    public const string DuplicateOwner = "duplicateOwner";

    public static FactCatalog Catalog { get; } =
        new(
            [
                new("account", FactKind.Text),
                new("accountEvidence", FactKind.Text),
                new(AccountOwner, FactKind.Text),
                new("campaign", FactKind.Text),
                new("country", FactKind.Text),
                new("createdAt", FactKind.Instant),
                new(DuplicateOf, FactKind.Text),
                new(DuplicateOwner, FactKind.Text),
                new("employees", FactKind.Number),
                new("fit", FactKind.Number),
                new("grade", FactKind.Text),
                new("intent", FactKind.Number),
                new("language", FactKind.Text),
                new(OpenOpportunity, FactKind.Flag),
                new("opportunityAmount", FactKind.Money),
                new(OpportunityOwner, FactKind.Text),
                new("opportunityStage", FactKind.Text),
                new("ownerConflict", FactKind.Flag),
                new("productInterest", FactKind.List),
                new("score", FactKind.Number),
                new("segment", FactKind.Text),
                new("source", FactKind.Text),
                new("stage", FactKind.Text),
                new(Territory, FactKind.Text),
            ],
            "custom."
        );
}
