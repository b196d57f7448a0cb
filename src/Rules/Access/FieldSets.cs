namespace Customer360.Rules.Access;

/// <summary>Parts of what is known about people and companies. What a caller may see is decided for each of them.</summary>
[Flags]
public enum FieldSets
{
    None = 0,

    /// <summary>By what a person is known: e-mail address, phone number, user id, device.</summary>
    Identifiers = 1,

    /// <summary>What was said about a person.</summary>
    Traits = 2,

    /// <summary>The companies that a person belongs to.</summary>
    Accounts = 4,

    /// <summary>How often a person did what, and when first and last.</summary>
    Counters = 8,

    /// <summary>When a person was seen: first, last, in which sessions, in how many messages.</summary>
    Activity = 16,

    /// <summary>Who said what and when.</summary>
    Provenance = 32,

    /// <summary>Messages as they were sent.</summary>
    Messages = 64,

    /// <summary>Where a message went: the customer that its identifiers lead to.</summary>
    Receipts = 128,

    /// <summary>What was said about a company.</summary>
    Companies = 256,

    /// <summary>The people of a company.</summary>
    Members = 512,

    /// <summary>What was set apart: identifiers that link too many people, and messages that could not be applied.</summary>
    Quarantine = 1024,

    /// <summary>The decisions that made this one customer.</summary>
    Explain = 2048,

    /// <summary>Values that a profile does not show, because another source's counts.</summary>
    Overruled = 4096,

    /// <summary>The record of who changed and who read what.</summary>
    Audit = 8192,

    /// <summary>Why other people's leads are where they are. Of one's own, whoever works with leads is told.</summary>
    AllLeads = 16384,

    /// <summary>What the plain form of a profile shows.</summary>
    Profile = Identifiers | Traits | Accounts | Counters | Activity,

    /// <summary>What can be masked: there is a value, and the caller is not told which. Other sets are shown or withheld.</summary>
    Maskable = Identifiers | Traits | Accounts,

    All =
        Profile
        | Provenance
        | Messages
        | Receipts
        | Companies
        | Members
        | Quarantine
        | Explain
        | Overruled
        | Audit
        | AllLeads,
}

/// <summary>The names that policy files have for parts. Identifiers and traits have none: there the fields decide.</summary>
public static class FieldSetNames
{
    private static readonly (FieldSets Set, string Name)[] s_names =
    [
        (FieldSets.Accounts, "accounts"),
        (FieldSets.Counters, "events"),
        (FieldSets.Activity, "activity"),
        (FieldSets.Provenance, "sources"),
        (FieldSets.Overruled, "overruled"),
        (FieldSets.Messages, "timeline"),
        (FieldSets.Explain, "explain"),
        (FieldSets.Receipts, "receipts"),
        (FieldSets.Companies, "companies"),
        (FieldSets.Members, "members"),
        (FieldSets.Quarantine, "quarantine"),
        (FieldSets.Audit, "audit"),
        (FieldSets.AllLeads, "all-leads"),
    ];

    public static string Known { get; } = string.Join(", ", s_names.Select(one => one.Name));

    /// <summary>The set of a name; null where there is none.</summary>
    public static FieldSets? Of(string name) =>
        s_names.FirstOrDefault(one => one.Name == name) is { Name: not null } found ? found.Set : null;

    /// <summary>The names of sets, in the order of the file.</summary>
    public static IEnumerable<string> Of(FieldSets sets) =>
        s_names.Where(one => (sets & one.Set) != FieldSets.None).Select(one => one.Name);
}
