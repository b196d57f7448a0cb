using System.Collections.Immutable;

namespace Customer360.Simulation.Workload;

/// <summary>Something that a client does. It names all that it needs, so that a workload can be shrunk deed by deed.</summary>
internal abstract record Deed
{
    /// <summary>One request with messages.</summary>
    /// <param name="Applied">Waits until the profiles show them.</param>
    public sealed record Collect(ImmutableArray<Message> Messages, bool Applied) : Deed
    {
        public override string ToString() => $"collect{(Applied ? " and wait" : "")} {string.Join(", ", Messages)}";
    }

    /// <summary>Takes some of the identifiers of the customer behind an identifier away from it.</summary>
    /// <param name="Chance">Chooses which.</param>
    public sealed record Split(string Identifier, ulong Chance) : Deed;

    /// <summary>Asks for an earlier split once more.</summary>
    public sealed record RepeatSplit(int Which) : Deed;

    /// <summary>Takes one of the merges back that there are.</summary>
    public sealed record Undo(int Which) : Deed;

    /// <summary>Reads profiles side by side.</summary>
    public sealed record Read(ImmutableArray<string> Identifiers) : Deed
    {
        public override string ToString() => $"read {string.Join(' ', Identifiers)}";
    }

    /// <summary>Reads a customer that was merged away, by its own id.</summary>
    public sealed record Follow(int Which) : Deed;

    /// <summary>Ends the quarantine of one of the identifiers that are in it.</summary>
    public sealed record Lift(int Which) : Deed;

    /// <summary>A reminder comes once more than it should.</summary>
    public sealed record Remind(string Identifier, bool OfSplit) : Deed;

    /// <summary>A person asks to be forgotten, by one of her identifiers.</summary>
    /// <param name="Number">Names the request, so that one that is asked again after an outage is the same.</param>
    public sealed record Erase(string Identifier, int Number) : Deed;

    /// <summary>Says that two groups are one company.</summary>
    /// <param name="Number">Names the message that says so.</param>
    public sealed record JoinGroups(string One, string Other, int Number) : Deed;

    /// <summary>Takes a group out of its company.</summary>
    public sealed record SplitGroup(string Group) : Deed;

    /// <summary>Puts other identity rules in force.</summary>
    public sealed record ChangeRules(int Variant) : Deed;
}
