using Customer360.Rules.Conditions;

namespace Customer360.Rules.Leads;

/// <summary>What lifecycle and scoring may ask of a lead. Fields of your own stand below <c>custom.</c>.</summary>
public static class LeadFacts
{
    public static FactCatalog Catalog { get; } =
        new(
            [
                new("account", FactKind.Text),
                new("company", FactKind.Text),
                new("country", FactKind.Text),
                new("createdAt", FactKind.Instant),
                new("email", FactKind.Text),
                new("emailKind", FactKind.Text),
                new("employees", FactKind.Number),
                new("fit", FactKind.Number),
                new("formSubmittedAt", FactKind.Instant),
                new("handoff", FactKind.Text),
                new("industry", FactKind.Text),
                new("intent", FactKind.Number),
                new("jobTitle", FactKind.Text),
                new("language", FactKind.Text),
                new("lastActivityAt", FactKind.Instant),
                new("inOpenOpportunity", FactKind.Flag),
                new("openOpportunity", FactKind.Flag),
                new("opportunityAmount", FactKind.Money),
                new("opportunityLost", FactKind.Flag),
                new("opportunityWon", FactKind.Flag),
                new("phone", FactKind.Text),
                new("productInterest", FactKind.List),
                new("qualified", FactKind.Flag),
                new("score", FactKind.Number),
                new("segment", FactKind.Text),
                new("source", FactKind.Text),
                new("territory", FactKind.Text),
                new("tier", FactKind.Text),
                new("unsubscribed", FactKind.Flag),
            ],
            "custom."
        );

    /// <summary>The properties of an event: of any name and kind.</summary>
    public static FactCatalog Properties { get; } = new([], "");
}
