using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Quality;
using Customer360.Rules.Tests.Conditions;
using Customer360.Rules.Tests.Events;

namespace Customer360.Rules.Tests.Quality;

/// <summary>Policies and messages of the tests of quality.</summary>
internal static class Qualities
{
    public static DateTimeOffset Noon { get; } = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    /// <param name="checks">Below <c>checks</c>, indented.</param>
    public static QualityPolicy Policy(string checks)
    {
        PolicyReading<QualityPolicy> reading = new QualityPolicyKind().ReadFile(
            $"owner: {{team: data, contact: data}}\nchecks:\n{checks}\n",
            SmallYaml.Instance
        );
        Assert.Empty(reading.Faults);
        return reading.Body!.Base;
    }

    public static QualityCheck Check(string members) => Policy($"  one: {{{members}}}").Checks["one"];

    public static Envelope Accept(string message, string source = "web")
    {
        using SentBody body = Messages.Sent(message);
        var consent = new ConsentPolicyKind();
        PolicyReading<ConsentPolicy> agreed = consent.ReadFile(consent.BuiltIn, SmallYaml.Instance);
        Outcome<Envelope> outcome = new EnvelopeReader(
            new FixedPolicy<IdentityRules>(IdentityRules.Default, IdentityRules.Default.Version),
            Messages.Phones,
            new FixedPolicy<ConsentPolicy>(agreed.Body!.Base, agreed.Body.Version)
        ).Read(body[0], Messages.Context with { Source = source });
        Assert.True(outcome.Succeeded, outcome.Refusal?.Message);
        return outcome.Value;
    }
}
