using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;

namespace Customer360.Api.Security.Limits;

/// <summary>
/// Takes so many requests a minute and so many a day, by the clock. The framework's own window can't say when it ends, which
/// the headers must, and has a clock of its own.
/// </summary>
internal sealed class WindowLimiter(int perMinute, int perDay, TimeProvider time) : RateLimiter
{
    /// <summary>Names in a lease how the caller stands.</summary>
    public static readonly MetadataName<LimitStanding> Standing = new("standing");

    // While a window has counted something it must be kept, or its caller would begin anew.
    private static readonly TimeSpan s_forgettable = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private Window _minute = new(perMinute, TimeSpan.SecondsPerMinute);
    private Window _day = new(perDay, TimeSpan.SecondsPerDay);

    public override TimeSpan? IdleDuration
    {
        get
        {
            long now = Now();
            lock (_lock)
            {
                return _minute.IsEmpty(now) && _day.IsEmpty(now) ? s_forgettable : null;
            }
        }
    }

    public override RateLimiterStatistics? GetStatistics() => null;

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        long now = Now();
        lock (_lock)
        {
            string? violated =
                !_minute.HasRoom(now, permitCount) ? LimitStanding.MinuteName
                : !_day.HasRoom(now, permitCount) ? LimitStanding.DayName
                : null;
            if (violated is null)
            {
                _minute.Take(permitCount);
                _day.Take(permitCount);
            }

            return new Lease(new LimitStanding(_minute.Standing(now), _day.Standing(now)), violated);
        }
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(
        int permitCount,
        CancellationToken cancellationToken
    ) =>
        // Nobody is kept waiting: a caller is told when to come again.
        ValueTask.FromResult(AttemptAcquireCore(permitCount));

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();

    private struct Window(int max, long seconds)
    {
        private long _number;
        private int _count;

        public bool HasRoom(long now, int wanted)
        {
            Turn(now);
            return max == 0 || _count <= max - wanted;
        }

        public void Take(int count) => _count += max == 0 ? 0 : count;

        public bool IsEmpty(long now)
        {
            Turn(now);
            return _count == 0;
        }

        public readonly WindowStanding Standing(long now) =>
            new(max, Math.Max(0, max - _count), (int)(seconds - (now % seconds)));

        private void Turn(long now)
        {
            long number = now / seconds;
            if (number != _number)
            {
                _number = number;
                _count = 0;
            }
        }
    }

    /// <summary>What a request was given.</summary>
    internal sealed class Lease(LimitStanding standing, string? violated) : RateLimitLease
    {
        public override bool IsAcquired => violated is null;

        public override IEnumerable<string> MetadataNames => [Standing.Name, MetadataName.RetryAfter.Name];

        /// <summary>How the caller stands.</summary>
        public LimitStanding Left => standing;

        /// <summary>The window that has no room; null where the request was taken.</summary>
        public string? Violated => violated;

        /// <summary>Whole seconds until it has room.</summary>
        public int RetryAfterSeconds =>
            violated switch
            {
                null => 0,
                LimitStanding.DayName => standing.Day.SecondsLeft,
                _ => standing.Minute.SecondsLeft,
            };

        public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
        {
            metadata =
                metadataName == Standing.Name ? standing
                : metadataName == MetadataName.RetryAfter.Name && violated is not null
                    ? TimeSpan.FromSeconds(RetryAfterSeconds)
                : null;
            return metadata is not null;
        }
    }
}
