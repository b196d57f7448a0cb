namespace Customer360.Rules.Privacy;

/// <summary>What an entry of the list says of its identifier from then on.</summary>
public enum SuppressionChange
{
    /// <summary>Messages of the identifier are not taken in, and mentions of it are left out.</summary>
    Suppressed = 1,

    /// <summary>The person has come back of her own will.</summary>
    Lifted = 2,
}

/// <summary>An entry of the list of suppressed identifiers. Entries are added and never changed; of an identifier the last counts.</summary>
/// <param name="Sequence">Its place in the list, from 1, rising by one.</param>
/// <param name="Hash">The identifier.</param>
/// <param name="Change">What it says.</param>
/// <param name="At">Since when, UTC.</param>
/// <param name="RequestId">The privacy request that it belongs to.</param>
/// <param name="By">Who asked for it: the name of a key.</param>
public sealed record SuppressionEntry(
    long Sequence,
    SuppressionHash Hash,
    SuppressionChange Change,
    DateTimeOffset At,
    string RequestId,
    string By
);
