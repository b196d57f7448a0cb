namespace Customer360.Simulation.World;

/// <summary>A promise of the grid was broken.</summary>
/// <param name="checker">The name of the checker whose promise it is; it stays the same from release to release.</param>
/// <param name="what">What is wrong, with the customers and identifiers (all of them made up).</param>
internal sealed class ViolationException(string checker, string what) : Exception($"{checker}: {what}")
{
    public string Checker { get; } = checker;

    public static void ThrowIf(bool isBroken, string checker, Func<string> what)
    {
        if (isBroken)
        {
            throw new ViolationException(checker, what());
        }
    }
}

/// <summary>The process that a call was sent to is gone, which a client sees as a broken connection.</summary>
internal sealed class ProcessDiedException() : Exception("The process died.");
