using Customer360.Rules.Ports;

namespace Customer360.Rules.Destinations;

/// <summary>
/// Keeps a destination that fails from being asked for nothing. Immutable: it opens when half of twenty or more tries of 30 seconds
/// failed, lets one probe through after a pause that doubles, and lets more through step by step once probes come back.
/// </summary>
public sealed record Breaker
{
    public const int TriesMin = 20;
    private const int RampStart = 1;

    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_pauseFirst = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromMinutes(5);

    public static Breaker Closed { get; } = new();

    private DateTimeOffset WindowFrom { get; init; }

    private int Tries { get; init; }

    private int Failures { get; init; }

    private int Opened { get; init; }

    /// <summary>Null: it lets through. Else from then on it lets one probe through.</summary>
    public DateTimeOffset? OpenUntil { get; private init; }

    /// <summary>After it was open: so many at once; null: as many as the destination allows.</summary>
    public int? Ramp { get; private init; }

    public bool IsOpen => OpenUntil is not null;

    /// <summary>How many may be under way at once now.</summary>
    /// <param name="concurrent">What the destination allows.</param>
    public int Allows(int concurrent, DateTimeOffset now) =>
        OpenUntil is { } until ? (now >= until ? 1 : 0) : Math.Min(concurrent, Ramp ?? concurrent);

    /// <summary>
    /// What the answers to one request say of the receiver: true: it is well; null: nothing, since nobody was asked. That it refuses a
    /// row is no trouble of its own.
    /// </summary>
    public static bool? IsAbout(IEnumerable<ItemAnswer> answers)
    {
        ItemAnswer[] asked =
        [
            .. answers.Where(one => one.Judgement is { IsNoTry: false, Outcome: not DeliveryOutcome.Withheld }),
        ];
        return asked.Length == 0 ? null : !asked.Any(one => one.Judgement.IsTrouble);
    }

    /// <summary>A try came back.</summary>
    public Breaker After(bool isGood, DateTimeOffset now)
    {
        if (IsOpen)
        {
            // What was under way when it opened says nothing new.
            return now < OpenUntil ? this
                : isGood ? Closed with { Ramp = RampStart, Opened = Opened, WindowFrom = now }
                : Open(now);
        }

        Breaker counted =
            now - WindowFrom > s_window
                ? this with
                {
                    WindowFrom = now,
                    Tries = 1,
                    Failures = isGood ? 0 : 1,
                }
                : this with
                {
                    Tries = Tries + 1,
                    Failures = Failures + (isGood ? 0 : 1),
                };
        if (Ramp is { } ramp)
        {
            return !isGood ? Open(now)
                : ramp >= 1_000 ? counted with { Ramp = null, Opened = 0 }
                : counted with { Ramp = ramp * 2 };
        }

        return counted.Tries >= TriesMin && counted.Failures * 2 >= counted.Tries ? Open(now) : counted;
    }

    private Breaker Open(DateTimeOffset now)
    {
        double seconds = s_pauseFirst.TotalSeconds * Math.Pow(2, Math.Min(Opened, 20));
        return Closed with
        {
            OpenUntil = now + TimeSpan.FromSeconds(Math.Min(seconds, s_pauseMax.TotalSeconds)),
            Opened = Opened + 1,
        };
    }
}

/// <summary>So many requests a second. Immutable.</summary>
/// <param name="PerSecond">What may be sent; as much may be saved up.</param>
/// <param name="Tokens">What may be sent at once at <paramref name="At"/>.</param>
public sealed record RateBudget(int PerSecond, double Tokens, DateTimeOffset At)
{
    public static RateBudget Full(int perSecond, DateTimeOffset now) => new(perSecond, perSecond, now);

    /// <summary>With what has come since.</summary>
    public RateBudget AsOf(DateTimeOffset now) =>
        now <= At
            ? this
            : this with
            {
                Tokens = Math.Min(PerSecond, Tokens + ((now - At).TotalSeconds * PerSecond)),
                At = now,
            };

    /// <summary>How many may go now.</summary>
    public int Allows => (int)Tokens;

    /// <summary>One goes.</summary>
    public RateBudget Spend() => this with { Tokens = Tokens - 1 };

    /// <summary>When the next one may go.</summary>
    public DateTimeOffset NextAt => Tokens >= 1 ? At : At + TimeSpan.FromSeconds((1 - Tokens) / PerSecond);
}
