using System.Collections.Immutable;

namespace Customer360.Rules.Routing;

/// <summary>Somebody of a pool and the weight that counts at a turn.</summary>
/// <param name="Weight">From 1.</param>
public readonly record struct PoolShare(string PersonId, int Weight);

/// <summary>Where somebody stands in a pool.</summary>
/// <param name="Got">Turns that were had and not taken back.</param>
/// <param name="Owed">The ideal share less what was got, in parts of a turn (<see cref="PoolLedger.Scale"/>).</param>
/// <param name="LastTurn">The number of the last turn; 0: none yet.</param>
public sealed record PoolStanding(string PersonId, long Got, long Owed, long LastTurn);

/// <summary>A turn that may still be taken back.</summary>
/// <param name="Shares">Who could have had it, by id.</param>
public sealed record PoolTurn(string LeadId, string PersonId, long Number, ImmutableArray<PoolShare> Shares);

/// <summary>What decided between the one who was chosen and the next best, in the order in which it is asked.</summary>
public enum PoolReason
{
    /// <summary>Nobody else could.</summary>
    OnlyOne = 1,

    /// <summary>The first who would otherwise fall a whole turn behind. Only asked where all who are present may have the lead.</summary>
    EarliestDeadline = 2,

    /// <summary>The one to whom most is owed.</summary>
    MostOwed = 3,

    /// <summary>Several were level: the one whose last turn is longest ago.</summary>
    LongestAgo = 4,

    /// <summary>And level in that, too: the first id.</summary>
    FirstId = 5,
}

/// <summary>Whose turn it is, and why.</summary>
public readonly record struct PoolChoice(string PersonId, PoolReason Reason);

/// <summary>
/// Deals leads out by weight. While all who are present may have each lead, nobody is ever a whole turn away from the ideal
/// share, at any prefix. Immutable and exact: shares are fractions, kept as whole numbers of <see cref="Scale"/>.
/// </summary>
/// <remarks>
/// With the same people at each turn it is R. Tijdeman's chairman assignment (1980), whose bound is 1 - 1/(2k - 2) for k people;
/// smooth weighted round robin, which web servers use, strays up to 1.56 turns with 40. Where only some may have a lead (a
/// territory, a language) no rule can promise one turn, since this is the carpool problem; then whoever is owed most has it, and
/// what is owed is published. Who is absent is not dealt to and is owed nothing for it, so nobody is flooded after leave.
/// </remarks>
public sealed record PoolLedger
{
    /// <summary>While the common denominator of all shares is at most this, nothing is ever rounded.</summary>
    private const long ScaleMax = 1_000_000_000_000_000;

    /// <summary>Beyond it, shares are rounded to less than a billionth of a turn.</summary>
    private const long ScaleRounded = 1_000_000_000_000;

    public static PoolLedger Empty { get; } = new();

    /// <summary>Parts that make a turn.</summary>
    public long Scale { get; init; } = 1;

    /// <summary>Turns that were dealt, those taken back included.</summary>
    public long Turns { get; init; }

    /// <summary>Turns that were taken back.</summary>
    public long Returned { get; init; }

    /// <summary>All who ever could have a turn, by id (ordinal). What is owed sums to zero.</summary>
    public ImmutableArray<PoolStanding> Standings { get; init; } = [];

    /// <summary>Turns that may still be taken back, by lead.</summary>
    public ImmutableDictionary<string, PoolTurn> Open { get; init; } = ImmutableDictionary<string, PoolTurn>.Empty;

    /// <summary>Whose turn it would be. Nothing is dealt.</summary>
    /// <param name="eligible">Who may have this lead: by id (ordinal), not empty.</param>
    /// <param name="isWhole">True where these are all who are present.</param>
    public PoolChoice Choose(ImmutableArray<PoolShare> eligible, bool isWhole) =>
        PoolTurnRule.Choose(this, eligible, isWhole);

    /// <summary>Deals a turn to a lead. A lead that has one keeps it, so a repeat changes nothing.</summary>
    /// <inheritdoc cref="Choose"/>
    public (PoolLedger Ledger, PoolTurn Turn, PoolReason? Reason) Take(
        string leadId,
        ImmutableArray<PoolShare> eligible,
        bool isWhole
    )
    {
        if (Open.TryGetValue(leadId, out PoolTurn? known))
        {
            return (this, known, null);
        }

        PoolChoice choice = Choose(eligible, isWhole);
        PoolLedger ledger = Rescaled(WeightOf(eligible));
        var turn = new PoolTurn(leadId, choice.PersonId, Turns + 1, eligible);
        ledger = ledger.Move(turn, sign: 1) with { Turns = turn.Number, Open = Open.SetItem(leadId, turn) };
        return (ledger, turn, choice.Reason);
    }

    /// <summary>Takes a lead's turn back, as if it had never been dealt. A lead without one changes nothing.</summary>
    public PoolLedger Return(string leadId) =>
        Open.TryGetValue(leadId, out PoolTurn? turn)
            ? Rescaled(WeightOf(turn.Shares)).Move(turn, sign: -1) with
            {
                Returned = Returned + 1,
                Open = Open.Remove(leadId),
            }
            : this;

    /// <summary>The lead will not come back: its turn stays, and is forgotten as one that could be returned.</summary>
    public PoolLedger Settle(string leadId)
    {
        ImmutableDictionary<string, PoolTurn> open = Open.Remove(leadId);
        return ReferenceEquals(open, Open) ? this : this with { Open = open };
    }

    /// <summary>What each should have got, got, and is owed, in turns.</summary>
    public FairnessReport Report() =>
        new(
            Turns,
            Returned,
            [
                .. Standings.Select(one =>
                {
                    decimal owed = (decimal)one.Owed / Scale;
                    return new FairnessLine(one.PersonId, one.Got + owed, one.Got, owed);
                }),
            ]
        );

    /// <summary>The place of somebody's standing, or the complement of where it would stand.</summary>
    internal int PlaceOf(string personId)
    {
        int low = 0;
        int high = Standings.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = string.CompareOrdinal(Standings[middle].PersonId, personId);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    internal static long WeightOf(ImmutableArray<PoolShare> shares)
    {
        long weight = 0;
        foreach (PoolShare share in shares)
        {
            weight += share.Weight;
        }

        return weight;
    }

    /// <summary>Gives each of a turn the share, and the turn to the one who has it; or takes both back.</summary>
    private PoolLedger Move(PoolTurn turn, int sign)
    {
        var standings = Standings.ToBuilder();
        long weight = WeightOf(turn.Shares);
        long rest = Scale;
        foreach (PoolShare share in turn.Shares)
        {
            rest -= PartOf(share, weight);
        }

        foreach (PoolShare share in turn.Shares)
        {
            // Where nothing is rounded there is no rest; a rest of some parts goes to the first, so that all sums to a turn.
            long part = PartOf(share, weight) + (rest > 0 ? 1 : 0);
            rest -= rest > 0 ? 1 : 0;
            bool hasTurn = share.PersonId == turn.PersonId;
            int place = Find(standings, share.PersonId);
            PoolStanding one = standings[place];
            standings[place] = one with
            {
                Owed = one.Owed + (sign * (part - (hasTurn ? Scale : 0))),
                Got = one.Got + (hasTurn ? sign : 0),
                LastTurn = hasTurn && sign > 0 ? turn.Number : one.LastTurn,
            };
        }

        return this with
        {
            Standings = standings.DrainToImmutable(),
        };
    }

    private long PartOf(PoolShare share, long weight) => (long)((Int128)Scale * share.Weight / weight);

    private static int Find(ImmutableArray<PoolStanding>.Builder standings, string personId)
    {
        int place = 0;
        while (place < standings.Count && string.CompareOrdinal(standings[place].PersonId, personId) < 0)
        {
            place++;
        }

        if (place == standings.Count || standings[place].PersonId != personId)
        {
            standings.Insert(place, new PoolStanding(personId, 0, 0, 0));
        }

        return place;
    }

    /// <summary>The same ledger in parts that a sum of weights divides, as far as such parts are not too small.</summary>
    private PoolLedger Rescaled(long weight)
    {
        if (Scale % weight == 0)
        {
            return this;
        }

        Int128 common = (Int128)Scale / Gcd(Scale, weight) * weight;
        if (common <= ScaleMax)
        {
            long factor = (long)(common / Scale);
            return this with
            {
                Scale = (long)common,
                Standings = [.. Standings.Select(one => one with { Owed = one.Owed * factor })],
            };
        }

        return Scale >= ScaleRounded / 2 ? this : Rounded(ScaleRounded / weight * weight);
    }

    private PoolLedger Rounded(long scale)
    {
        long[] owed = [.. Standings.Select(one => (long)((Int128)one.Owed * scale / Scale))];
        long rest = -owed.Sum();
        for (int index = 0; rest != 0; index++)
        {
            // Each was cut by less than a part, so the rest is less than one for each.
            owed[index] += Math.Sign(rest);
            rest -= Math.Sign(rest);
        }

        return this with
        {
            Scale = scale,
            Standings = [.. Standings.Select((one, index) => one with { Owed = owed[index] })],
        };
    }

    private static long Gcd(long left, long right)
    {
        while (right != 0)
        {
            (left, right) = (right, left % right);
        }

        return left;
    }
}
