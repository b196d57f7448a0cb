using Customer360.Api.Problems;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Security;

/// <summary>
/// Counts wrong keys by the network that they come from. From so many a minute on they are answered 429 in place of 401, so
/// that who guesses, or sends with a key of long ago, slows down. A right key is never asked for this: it is found first.
/// Thread-safe.
/// </summary>
/// <remarks>
/// A fixed table, so that a flood of addresses takes no memory. Two networks that share a place share its count; what that
/// costs is another status for a wrong key.
/// </remarks>
public sealed class WrongKeys(AccessOptions options, TimeProvider time)
{
    private const int Places = 4_096;
    private const int WindowSeconds = 60;

    // The window's number in the upper half, the count in the lower.
    private readonly long[] _places = new long[Places];

    /// <summary>What a request with a key that nobody has is answered.</summary>
    public Refusal Refuse(HttpContext context)
    {
        long seconds = time.GetUtcNow().ToUnixTimeSeconds();
        long window = seconds / WindowSeconds;
        int place = HashCode.Combine(CallerNetwork.Of(context.Connection.RemoteIpAddress)) & (Places - 1);
        while (true)
        {
            long before = Volatile.Read(ref _places[place]);
            uint count = before >> 32 == window ? (uint)before : 0;
            if (count >= options.WrongKeysPerMinuteMax)
            {
                return new WrongKeysTooMany((int)(WindowSeconds - (seconds % WindowSeconds)));
            }

            if (Interlocked.CompareExchange(ref _places[place], (window << 32) | (count + 1), before) == before)
            {
                return new KeyUnknown();
            }
        }
    }
}
