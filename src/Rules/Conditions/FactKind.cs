namespace Customer360.Rules.Conditions;

/// <summary>What is known of a fact, and of which kind it is.</summary>
public enum FactKind
{
    /// <summary>Nobody has said it. In a catalogue: it may be of any kind.</summary>
    Missing = 0,

    /// <summary>There may be a value, but whoever decides is not allowed to see it.</summary>
    Withheld = 1,

    Text = 2,
    Number = 3,

    /// <summary>Minor units (cents) and a currency.</summary>
    Money = 4,

    /// <summary>True or false.</summary>
    Flag = 5,

    Instant = 6,
    List = 7,
}
