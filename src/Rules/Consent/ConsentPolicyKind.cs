using System.Text.Json;
using Customer360.Rules.Configuration;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Consent;

/// <summary>
/// <c>consent.yaml</c>: the purposes that people say yes or no to, what the forms of consent mean, and what is done without it.
/// </summary>
public sealed class ConsentPolicyKind() : PolicyKind<ConsentPolicy>(KindName, s_builtIn)
{
    public const string KindName = "consent";

    private static readonly string s_builtIn = ReadBuiltIn();

    public override bool WantsExamples => true;

    protected override ConsentPolicy? Read(PolicyFile file) => new ConsentPolicyReader(file).Read();

    protected override void Write(Utf8JsonWriter writer, ConsentPolicy policy) =>
        ConsentPolicyJson.Write(writer, policy);

    /// <summary>
    /// <c>input: {form, says: {id: granted|denied}, region?}</c>, what a first message says → <c>expect</c>: per purpose
    /// <c>granted</c>, <c>denied</c> or <c>unknown</c>; <c>collect</c>, what becomes of the message; and <c>delivers</c>, the
    /// purposes for which something may be sent to the person in that region afterwards.
    /// </summary>
    protected override IReadOnlyDictionary<string, string> Decide(ConsentPolicy policy, PolicyExample example)
    {
        ConfigSection input = example.Section("form", "says", "region");
        string form = input.RequiredText("form") ?? "";
        string? region = input.Find("region") is { IsNothing: false } named ? named.Text : null;
        var draft = new ConsentDraft(policy, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        if (input.Find("says") is { Kind: ConfigKind.Map } says)
        {
            ConfigSection ids = example.Section(says);
            foreach (ConfigMember id in ids.Members)
            {
                if (ConsentLedgerJson.StatusOf(id.Value.Text) is not { } status)
                {
                    ids.Fault(id.Line, ids.PathOf(id.Name), "It must be granted or denied.");
                    continue;
                }

                foreach (string purpose in policy.PurposesOf(form, id.Name))
                {
                    draft.Add(purpose, form, id.Name, status, saidAt: null, until: null);
                }
            }
        }
        else
        {
            input.Fault("says", "It must say which ids of the form are granted or denied.");
        }

        ConsentStatement statement = draft.ToStatement("") ?? new ConsentStatement("", []);
        var view = ConsentView.Of(
            statement.Clauses.Select(clause => new ConsentStanding(
                clause.Purpose,
                clause.Status,
                clause.Form,
                Source: "",
                new ConsentWord(DateTimeOffset.UnixEpoch, "", "")
            ))
        );
        var outcome = policy.Purposes.ToDictionary(
            purpose => purpose.Name,
            purpose => ConsentLedgerJson.TextOf(view.Of(purpose.Name)),
            StringComparer.Ordinal
        );
        outcome["collect"] = ConsentWords.TextOf(ConsentWords.Boundaries, ConsentReading.BoundaryOf(statement, policy));
        outcome["delivers"] = string.Join(
            ", ",
            policy
                .Purposes.Select(purpose => purpose.Name)
                .Where(purpose => ConsentCheck.MaySend(purpose, view, region, policy, DateTimeOffset.UnixEpoch).Is)
        );
        return outcome;
    }

    private static string ReadBuiltIn()
    {
        using Stream stream = typeof(ConsentPolicyKind).Assembly.GetManifestResourceStream("consent.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
