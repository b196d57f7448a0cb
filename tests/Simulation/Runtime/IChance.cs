namespace Customer360.Simulation.Runtime;

/// <summary>Decides where the runtime may do one thing or another. The runtime has no chance of its own.</summary>
public interface IChance
{
    /// <summary>0 to <paramref name="below"/> - 1.</summary>
    int Next(int below);

    /// <summary>True in so many of a thousand cases.</summary>
    bool Chance(int perMille);
}

/// <summary>The chance of a runtime that promises most: nothing happens by it.</summary>
internal sealed class NoChance : IChance
{
    public int Next(int below) => 0;

    public bool Chance(int perMille) => false;
}
