using Customer360.Rules.Consent;
using Customer360.Rules.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Tests.Conditions;
using Customer360.Rules.Tests.Events;

namespace Customer360.Rules.Tests.Contracts;

/// <summary>Messages as they are read, and stand in the log, where there are contracts.</summary>
internal static class Logged
{
    private const string Other = """
        owner: {team: data, contact: data}
        contracts:
          - name: Another
            versions: [{version: 1.0.0, schema: {}}]
        """;

    private const string Never = """
        owner: {team: data, contact: data}
        modes: {violations: quarantine}
        contracts:
          - name: Bought
            versions: [{version: 1.0.0, schema: {required: [never]}}]
        """;

    /// <summary>A message that counts.</summary>
    public static Envelope Message(string message) => Read(message, Other);

    /// <summary>The event <c>Bought</c>, in quarantine.</summary>
    public static Envelope Held(string message) => Read(message, Never);

    public static EnvelopeReader Reader(string yaml)
    {
        PolicyReading<ContractsPolicy> reading = new ContractsPolicyKind().ReadFile(yaml, SmallYaml.Instance);
        Assert.Empty(reading.Faults);
        var consent = new ConsentPolicyKind();
        PolicyReading<ConsentPolicy> agreed = consent.ReadFile(SmallYaml.Sample("consent"), SmallYaml.Instance);
        return new EnvelopeReader(
            new FixedPolicy<IdentityRules>(IdentityRules.Default, IdentityRules.Default.Version),
            Messages.Phones,
            new FixedPolicy<ConsentPolicy>(agreed.Body!.Base, agreed.Body.Version),
            new FixedPolicy<ContractsPolicy>(reading.Body!.Base, reading.Body.Version)
        );
    }

    private static Envelope Read(string message, string yaml)
    {
        using SentBody body = Messages.Sent(message);
        Outcome<Envelope> outcome = Reader(yaml).Read(body[0], Messages.Context);
        Assert.True(outcome.Succeeded, outcome.Refusal?.Message);
        return outcome.Value;
    }
}
