using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Crm.Reads;

/// <summary>Asks Salesforce which fields of a kind of record the token may read: a query that names another one is refused as a whole.</summary>
internal sealed record SalesforceFieldsStep : ReadStep
{
    private readonly string _kind;
    private readonly CrmKnowledge _knowledge;

    public SalesforceFieldsStep(string kind, CrmKnowledge knowledge)
    {
        _kind = kind;
        _knowledge = knowledge;
        Call = SalesforceCalls.Describe(kind);
    }

    protected override ReadStep Take(JsonElement answer, CrmAnswer whole) =>
        CrmJson.Member(answer, "fields") is { ValueKind: JsonValueKind.Array } fields
            ? this with
            {
                Call = null,
                Knowledge = _knowledge with
                {
                    Fields = _knowledge.Fields.SetItem(
                        _kind,
                        fields
                            .EnumerateArray()
                            .Select(field => CrmJson.Text(field, "name"))
                            .OfType<string>()
                            .ToImmutableHashSet(StringComparer.OrdinalIgnoreCase)
                    ),
                },
            }
            : Failed(new ReadFailure(ReadFault.AnswerUnreadable));

    protected override ReadFailure? FailureOf(CrmAnswer answer) => SalesforceFailures.Of(answer);

    protected override ReadStep Broken(ReadFailure? failure) => this with { Call = null };
}
