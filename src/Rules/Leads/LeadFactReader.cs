using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Accounts;
using Customer360.Rules.Conditions;
using Customer360.Rules.Consent;
using Customer360.Rules.Crm.Mapping;
using Customer360.Rules.Events;
using Customer360.Rules.Identifiers;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Rules.Leads;

/// <summary>The account that a person belongs to, and what is known of it.</summary>
/// <param name="Match">Which one, and why.</param>
/// <param name="TraitsJson">Its traits, a JSON object in UTF-8; empty: none.</param>
/// <param name="Opportunities">Its deals.</param>
public sealed record LeadAccount(
    AccountMatch Match,
    ReadOnlyMemory<byte> TraitsJson,
    ImmutableArray<Opportunity> Opportunities
);

/// <summary>
/// What is known of a lead: its person's profile as the mastership policy has it, and the account. A trait that has no fact of its
/// name is <c>custom.NAME</c>. What the person does not say (a territory, a size) the account says.
/// </summary>
public static class LeadFactReader
{
    /// <summary>The event that a form leaves.</summary>
    public const string FormEvent = "Form Submitted";

    private const string Custom = "custom.";

    /// <summary>Traits by the facts that they are. Of several the first that is there counts.</summary>
    private static readonly (string Fact, string[] Traits)[] s_ofPerson =
    [
        ("campaign", ["campaign", "utmCampaign"]),
        ("company", ["company", "companyName"]),
        ("country", ["country"]),
        ("employees", ["employees"]),
        ("grade", ["grade"]),
        ("industry", ["industry"]),
        ("jobTitle", ["jobTitle", "title"]),
        ("language", ["language", "locale"]),
        ("openOpportunity", ["openOpportunity"]),
        ("opportunityAmount", ["opportunityAmount"]),
        ("opportunityLost", ["opportunityLost"]),
        ("opportunityOwner", ["opportunityOwner"]),
        ("opportunityStage", ["opportunityStage"]),
        ("opportunityWon", ["opportunityWon"]),
        ("phone", ["phone"]),
        ("productInterest", ["productInterest"]),
        ("qualified", ["qualified"]),
        ("segment", ["segment"]),
        ("source", ["leadSource", "source"]),
        ("territory", ["territory"]),
    ];

    /// <summary>What the account says where the person says nothing.</summary>
    private static readonly (string Fact, string[] Traits)[] s_ofAccount =
    [
        ("accountOwner", ["owner", "ownerId"]),
        ("company", ["name"]),
        ("country", ["country"]),
        ("employees", ["employees"]),
        ("industry", ["industry"]),
        ("openOpportunity", ["openOpportunity"]),
        ("opportunityAmount", ["opportunityAmount"]),
        ("opportunityLost", ["opportunityLost"]),
        ("opportunityOwner", ["opportunityOwner"]),
        ("opportunityStage", ["opportunityStage"]),
        ("opportunityWon", ["opportunityWon"]),
        ("segment", ["segment"]),
        ("territory", ["territory"]),
    ];

    /// <summary>Facts that are ids of people.</summary>
    private static readonly FrozenSet<string> s_ids = FrozenSet.Create(
        StringComparer.Ordinal,
        "accountOwner",
        "opportunityOwner"
    );

    private static readonly FrozenSet<string> s_known = s_ofPerson
        .SelectMany(one => one.Traits)
        .Append("email")
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The person's traits that a fact may be read from; none where it is no fact of traits.</summary>
    internal static IEnumerable<string> PersonTraitsOf(string fact) =>
        fact == "email" || fact == "emailKind" ? ["email"]
        : fact.StartsWith(Custom, StringComparison.Ordinal) ? [fact[Custom.Length..]]
        : TraitsOf(s_ofPerson, fact);

    /// <param name="only">The traits that are asked for; null: all. Who asks for few facts does not read the others.</param>
    public static FactSet Read(
        ProfileView profile,
        MastershipPolicy mastership,
        LeadAccount? account,
        AccountMatchingPolicy matching,
        IReadOnlySet<string>? only = null
    )
    {
        Dictionary<string, FactValue> traits = TraitsOf(profile.Fold, mastership, only);
        var facts = new Dictionary<string, FactValue>(StringComparer.Ordinal);
        foreach ((string fact, string[] names) in s_ofPerson)
        {
            Add(facts, fact, names, traits);
        }

        foreach ((string name, FactValue value) in traits)
        {
            if (!s_known.Contains(name))
            {
                facts[$"{Custom}{name}"] = value;
            }
        }

        AddEmail(facts, profile, traits, matching);
        AddTimes(facts, profile.Fold);
        if (profile.Consent.Find("email-marketing") is { Status: var status and not ConsentStatus.Unknown })
        {
            facts["unsubscribed"] = FactValue.Of(status == ConsentStatus.Denied);
        }

        if (account is { Match.AccountId: { } accountId })
        {
            facts["account"] = FactValue.Of(accountId);
            facts["accountEvidence"] = FactValue.Of(
                JsonNamingPolicy.CamelCase.ConvertName(account.Match.Evidence.ToString())
            );
            AddOpportunities(facts, account.Opportunities, profile);
            Dictionary<string, FactValue> ofAccount = TraitsOf(account.TraitsJson);
            foreach ((string fact, string[] names) in s_ofAccount)
            {
                Add(facts, fact, names, ofAccount);
            }
        }

        return new FactSet(facts);
    }

    /// <summary>The properties of an event, for conditions about it: what is plain, by its name.</summary>
    /// <param name="propertiesJson">A JSON object in UTF-8; empty: there are none.</param>
    public static FactSet PropertiesOf(ReadOnlyMemory<byte> propertiesJson) => new(TraitsOf(propertiesJson));

    /// <summary>The traits that may say a fact: of the person, and of the account.</summary>
    internal static (string[] OfPerson, string[] OfAccount) TraitsOf(string fact) =>
        (TraitsOf(s_ofPerson, fact), TraitsOf(s_ofAccount, fact));

    private static string[] TraitsOf((string Fact, string[] Traits)[] known, string fact) =>
        Array.Find(known, one => one.Fact == fact).Traits ?? [];

    private static void Add(
        Dictionary<string, FactValue> facts,
        string fact,
        string[] names,
        Dictionary<string, FactValue> traits
    )
    {
        if (facts.ContainsKey(fact))
        {
            return;
        }

        FactKind kind = (LeadFacts.Catalog.KindOf(fact) ?? Routing.RoutingFacts.Catalog.KindOf(fact))!.Value;
        foreach (string name in names)
        {
            FactValue? fitting = traits.TryGetValue(name, out FactValue? value) ? As(value, kind) : null;
            fitting = fitting is not null && s_ids.Contains(fact) ? AsId(fitting) : fitting;
            if (fitting is not null)
            {
                facts[fact] = fitting;
                return;
            }
        }
    }

    /// <summary>An owner's id in its one spelling; null where it is what systems print for none.</summary>
    private static FactValue? AsId(FactValue value) =>
        IdText.Of(value.Text) is { Length: > 0 } id && !Placeholders.Contains(id) ? FactValue.Of(id) : null;

    /// <summary>The value as one of the kind; null where it can't be one.</summary>
    private static FactValue? As(FactValue value, FactKind kind) =>
        value.Kind == kind ? value
        : kind == FactKind.Text && value.Kind == FactKind.Number
            // Many CRMs number what others name.
            ? FactValue.Of(value.Number.ToString(CultureInfo.InvariantCulture))
        : kind == FactKind.List && value.Kind == FactKind.Text ? FactValue.OfTexts(value.Text)
        : kind == FactKind.Number
        && value.Kind == FactKind.Text
        && decimal.TryParse(
            value.Text,
            // No thousands, and no sign behind it: whether 1,5 is one and a half or fifteen nobody knows, and 250+ is a range.
            NumberStyles.AllowLeadingSign
                | NumberStyles.AllowDecimalPoint
                | NumberStyles.AllowLeadingWhite
                | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture,
            out decimal number
        )
            ? FactValue.Of(number)
        : kind == FactKind.Flag && value.Kind == FactKind.Text && bool.TryParse(value.Text, out bool flag)
            ? FactValue.Of(flag)
        : null;

    /// <summary>
    /// What the CRM's deals say, where the person's profile does not. Whose deal is won or lost are those who take part: a company's old
    /// deal makes nobody a customer who came later.
    /// </summary>
    private static void AddOpportunities(
        Dictionary<string, FactValue> facts,
        ImmutableArray<Opportunity> opportunities,
        ProfileView profile
    )
    {
        HashSet<Identifier> person = [.. profile.Identifiers.Select(one => one.Identifier)];
        (OpportunityFacts Facts, bool TakesPart, DateTimeOffset At)[] deals =
        [
            .. opportunities
                .Where(one => !one.Facts.IsDeleted)
                .Select(one =>
                    (one.Facts, one.Facts.Contacts.Any(contact => person.Contains(contact.Identifier)), one.At)
                )
                .OrderByDescending(one => one.Item2)
                .ThenByDescending(one => one.At),
        ];
        if (deals.Length == 0)
        {
            return;
        }

        (OpportunityFacts Facts, bool TakesPart, DateTimeOffset At)[] open = [.. deals.Where(one => one.Facts.IsOpen)];
        bool isWon = deals.Any(one => one.TakesPart && one.Facts.IsWon);
        facts.TryAdd("openOpportunity", FactValue.Of(open.Length > 0));
        facts.TryAdd("inOpenOpportunity", FactValue.Of(open.Any(one => one.TakesPart)));
        facts.TryAdd("opportunityWon", FactValue.Of(isWon));
        facts.TryAdd(
            "opportunityLost",
            FactValue.Of(
                !isWon
                    && !open.Any(one => one.TakesPart)
                    && deals.Any(one => one is { TakesPart: true, Facts: { IsClosed: true, IsWon: false } })
            )
        );
        if (open.Length == 0)
        {
            return;
        }

        OpportunityFacts deal = open[0].Facts;
        if (deal.Stage is { } stage)
        {
            facts.TryAdd("opportunityStage", FactValue.Of(stage));
        }

        if (deal.Owner is { } owner)
        {
            facts.TryAdd("opportunityOwner", FactValue.Of(owner));
        }

        if (deal.Money is { } money)
        {
            facts.TryAdd("opportunityAmount", FactValue.Money(money.Minor, money.Currency));
        }
    }

    private static void AddEmail(
        Dictionary<string, FactValue> facts,
        ProfileView profile,
        Dictionary<string, FactValue> traits,
        AccountMatchingPolicy matching
    )
    {
        string? email = traits.GetValueOrDefault("email") is { Kind: FactKind.Text } said
            ? said.Text
            : profile
                .Identifiers.FirstOrDefault(one => one.Identifier.Type == Crm.CrmIdentifiers.Email)
                ?.Identifier.Value;
        if (email is null)
        {
            return;
        }

        facts["email"] = FactValue.Of(email);
        if (AccountDomains.OfEmail(email) is { } domain)
        {
            facts["emailKind"] = FactValue.Of(
                AccountDomains.ObjectionTo(domain, matching) switch
                {
                    DomainObjection.FreeMail => "free",
                    DomainObjection.Disposable => "disposable",
                    _ => "company",
                }
            );
        }
    }

    private static void AddTimes(Dictionary<string, FactValue> facts, ProfileFold fold)
    {
        if (fold.First is { } first)
        {
            facts["createdAt"] = FactValue.Of(first.At);
        }

        if (fold.Last is { } last)
        {
            facts["lastActivityAt"] = FactValue.Of(last.At);
        }

        foreach (EventCounter counter in fold.Counters)
        {
            if (counter is { Kind: EventKind.Track, Name: FormEvent })
            {
                facts["formSubmittedAt"] = FactValue.Of(counter.LastAt);
            }
        }
    }

    private static Dictionary<string, FactValue> TraitsOf(
        ProfileFold fold,
        MastershipPolicy mastership,
        IReadOnlySet<string>? only
    )
    {
        var traits = new Dictionary<string, FactValue>(StringComparer.Ordinal);
        foreach (Trait trait in new TraitWinners(fold, mastership))
        {
            if (only?.Contains(trait.Name) == false)
            {
                continue;
            }

            using var document = JsonDocument.Parse(trait.ValueJson);
            if (ValueOf(document.RootElement) is { IsKnown: true } value)
            {
                traits[trait.Name] = value;
            }
        }

        return traits;
    }

    private static Dictionary<string, FactValue> TraitsOf(ReadOnlyMemory<byte> json)
    {
        var traits = new Dictionary<string, FactValue>(StringComparer.Ordinal);
        if (json.IsEmpty)
        {
            return traits;
        }

        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return traits;
        }

        foreach (JsonProperty member in document.RootElement.EnumerateObject())
        {
            if (ValueOf(member.Value) is { IsKnown: true } value)
            {
                traits[member.Name] = value;
            }
        }

        return traits;
    }

    /// <summary>The value where it is plain; money where it is <c>{"amount","currency"}</c> or in minor units.</summary>
    private static FactValue? ValueOf(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty("amount"u8, out JsonElement amount)
        && json.TryGetProperty("currency"u8, out JsonElement currency)
        && currency.ValueKind == JsonValueKind.String
        && MoneyValue.TryParse(amount.ToString(), isMinor: false, currency.GetString(), out MoneyValue money)
            ? FactValue.Money(money.Minor, money.Currency)
            : FactJson.Read(json);
}
