using System.Collections.Immutable;

namespace Customer360.Rules.Routing;

/// <summary>How a pool's leads were dealt.</summary>
/// <param name="Turns">Dealt, those taken back included.</param>
/// <param name="Returned">Taken back.</param>
/// <param name="People">By id.</param>
public sealed record FairnessReport(long Turns, long Returned, ImmutableArray<FairnessLine> People)
{
    /// <summary>How far the one who is furthest from the ideal share is away from it, in turns.</summary>
    public decimal FurthestOff => People.Select(one => Math.Abs(one.Owed)).DefaultIfEmpty().Max();
}

/// <param name="Expected">The ideal share of the leads that the person could have had, in turns.</param>
/// <param name="Got">Turns that the person had and keeps.</param>
/// <param name="Owed">Expected less got; below zero: got more than the share.</param>
public sealed record FairnessLine(string PersonId, decimal Expected, long Got, decimal Owed);
