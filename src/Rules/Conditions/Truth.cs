namespace Customer360.Rules.Conditions;

/// <summary>
/// What a condition comes to. Unknown is for a fact that is missing, withheld, or of a kind that can't be compared; it follows
/// Kleene's logic, so <c>not</c> of unknown stays unknown, and a missing fact never makes a rule count by accident.
/// </summary>
/// <remarks>Ordered, so that "all" is the smallest of its parts and "any" the largest.</remarks>
public enum Truth
{
    False = 0,
    Unknown = 1,
    True = 2,
}
