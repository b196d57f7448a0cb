using System.Globalization;
using System.Threading.RateLimiting;
using Customer360.Api.Problems;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Security.Limits;

/// <summary>
/// Bounds what each caller may ask of this process. Endpoints with a required role are passed by <see cref="Pass"/>; those that
/// look for their caller themselves ask <see cref="Refuse"/>. Both count in the same place, and say in headers what is left.
/// </summary>
/// <remarks>
/// The framework's middleware is not used: it never disposes its own limiters, whose timer keeps a stopped server in memory for good.
/// As many limiters are kept as there are keys with something counted in a window. Subjects of tokens are as many as the
/// provider likes, so they share a fixed number of places: two that meet in one share its count.
/// </remarks>
public sealed class CallerLimits : IDisposable
{
    private const int TokenPlaces = 4_096;

    private readonly LimitOptions _options;
    private readonly PartitionedRateLimiter<Partition> _limiters;

    public CallerLimits(LimitOptions options, TimeProvider time)
    {
        _options = options;
        _limiters = PartitionedRateLimiter.Create<Partition, Partition>(partition =>
            RateLimitPartition.Get(partition, one => new WindowLimiter(one.PerMinute, one.PerDay, time))
        );
    }

    /// <summary>Counts a request of a caller, and says in the answer's headers how the caller stands.</summary>
    /// <returns>Why it is refused; null: it may go on.</returns>
    public Refusal? Refuse(HttpContext context, ApiKey key)
    {
        using WindowLimiter.Lease? lease = Take(context, key);
        return lease is { IsAcquired: false } ? Refusal(lease) : null;
    }

    /// <summary>Lets a request go on whose caller has something left, and answers others.</summary>
    internal Task Pass(HttpContext context, RequestDelegate next) =>
        Caller.Find(context) is { } key && Refuse(context, key) is { } refusal
            ? ProblemWriter.WriteAsync(context, refusal)
            : next(context);

    public void Dispose() => _limiters.Dispose();

    private static QuotaExceeded Refusal(WindowLimiter.Lease lease) => new(lease.RetryAfterSeconds, lease.Violated!);

    /// <summary>Null where the caller has no limit.</summary>
    private WindowLimiter.Lease? Take(HttpContext context, ApiKey key)
    {
        bool isToken = key.Kind == CallerKind.Token;
        int perMinute =
            key.RequestsPerMinute ?? (isToken ? _options.TokenRequestsPerMinute : _options.RequestsPerMinute);
        int perDay = key.RequestsPerDay ?? (isToken ? _options.TokenRequestsPerDay : _options.RequestsPerDay);
        if (perMinute == 0 && perDay == 0)
        {
            return null;
        }

        string name = isToken ? PlaceOf(key.Name) : key.Name;
        var lease = (WindowLimiter.Lease)_limiters.AttemptAcquire(new Partition(name, isToken, perMinute, perDay));
        IHeaderDictionary headers = context.Response.Headers;
        headers[LimitStanding.PolicyHeader] = lease.Left.Policy;
        headers[LimitStanding.Header] = lease.Left.Left;
        return lease;
    }

    private static string PlaceOf(string subject) =>
        ((uint)subject.GetHashCode(StringComparison.Ordinal) % TokenPlaces).ToString(CultureInfo.InvariantCulture);

    private readonly record struct Partition(string Name, bool IsToken, int PerMinute, int PerDay);
}
