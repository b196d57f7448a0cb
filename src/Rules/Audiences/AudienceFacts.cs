using Customer360.Rules.Conditions;
using Customer360.Rules.Profiles.Tallies;

namespace Customer360.Rules.Audiences;

/// <summary>
/// What conditions of audiences may ask of a customer: what is known of the person and its lead (read when the first condition asks), what
/// was counted, and in which audiences it is already. For one evaluation.
/// </summary>
/// <param name="known">Reads the facts.</param>
/// <param name="tallies">What was counted of a selector; null: it has met nothing.</param>
/// <param name="computed">The policy's computed traits, by name.</param>
/// <param name="at">The time of the evaluation.</param>
/// <param name="knownUntil">The first time at which what is known changes by itself, as a grant that ends; null: never.</param>
public sealed class AudienceFacts(
    Func<FactSet> known,
    Func<string, Tally?> tallies,
    IReadOnlyDictionary<string, ComputedTrait> computed,
    DateTimeOffset at,
    DateTimeOffset? knownUntil = null
) : FactSet([])
{
    /// <summary>Computed traits stand below it.</summary>
    public const string ComputedPrefix = "computed.";

    /// <summary>What a person said to a purpose: <c>granted</c>, <c>denied</c> or <c>unknown</c>.</summary>
    public const string ConsentPrefix = "consent.";

    /// <summary>True where the person has denied e-mails: it follows from consent, and changes with it.</summary>
    internal const string Unsubscribed = "unsubscribed";

    private readonly HashSet<string> _members = new(StringComparer.Ordinal);
    private FactSet? _known;

    public override FactValue this[string name] =>
        name.StartsWith(ComputedPrefix, StringComparison.Ordinal)
            ? FindComputed(name) is { } trait
                ? trait.Value.Of(tallies(trait.Value.Selector.Id), at)
                : FactValue.Missing
            : (_known ??= known())[name];

    public override DateTimeOffset? NextChangeOf(string name, DateTimeOffset at)
    {
        if (name.StartsWith(ComputedPrefix, StringComparison.Ordinal))
        {
            return FindComputed(name) is { } trait
                ? trait.Value.NextChange(tallies(trait.Value.Selector.Id), at)
                : null;
        }

        bool isOfConsent = name == Unsubscribed || name.StartsWith(ConsentPrefix, StringComparison.Ordinal);
        return isOfConsent && knownUntil > at ? knownUntil : null;
    }

    /// <summary>An audience is decided: later ones may ask for it.</summary>
    public void Enter(string audience) => _members.Add(audience);

    internal static Tally? TallyIn(FactSet facts, string selector) =>
        facts is AudienceFacts own ? own.Find(selector) : null;

    internal static bool IsMemberIn(FactSet facts, string audience) =>
        facts is AudienceFacts own && own._members.Contains(audience);

    private Tally? Find(string selector) => tallies(selector);

    private ComputedTrait? FindComputed(string name) => computed.GetValueOrDefault(name[ComputedPrefix.Length..]);
}
