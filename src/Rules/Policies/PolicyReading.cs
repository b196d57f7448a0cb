using System.Collections.Immutable;
using Customer360.Rules.Configuration;

namespace Customer360.Rules.Policies;

/// <summary>What reading a policy file came to.</summary>
/// <param name="Faults">Why it may not be put in force; all of them, by line.</param>
/// <param name="Warnings">What somebody should look at, by line.</param>
public abstract record PolicyReading(ImmutableArray<ConfigFault> Faults, ImmutableArray<ConfigFault> Warnings)
{
    /// <summary>True where it may be put in force.</summary>
    public bool IsValid => Faults.IsEmpty;

    /// <summary>
    /// True where it says what counts. A file that is in force already is followed as long as it can be read: an example that
    /// fails under a newer release must not stop the grid.
    /// </summary>
    public abstract bool IsReadable { get; }

    /// <summary>Null where it can't be read.</summary>
    public abstract string? Version { get; }

    /// <summary>The canonical JSON; empty where it can't be read.</summary>
    public abstract ReadOnlyMemory<byte> Json { get; }
}

/// <param name="Body">Null where the file can't be read.</param>
public sealed record PolicyReading<T>(
    PolicyBody<T>? Body,
    ImmutableArray<ConfigFault> Faults,
    ImmutableArray<ConfigFault> Warnings
) : PolicyReading(Faults, Warnings)
    where T : class
{
    public override bool IsReadable => Body is not null;

    public override string? Version => Body?.Version;

    public override ReadOnlyMemory<byte> Json => Body?.Json ?? default;
}
