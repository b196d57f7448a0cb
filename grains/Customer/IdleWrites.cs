using Customer360.Grains.Contracts;
using Microsoft.Extensions.Options;

namespace Customer360.Grains;

/// <summary>How many customers of a node may write their state in a second as they leave memory. Thread-safe.</summary>
public sealed class IdleWrites(IOptions<GridOptions> options, TimeProvider time)
{
    // The second's number in the upper half, those of it that wrote in the lower.
    private long _taken;

    /// <summary>True where there is one left in this second.</summary>
    public bool TryTake()
    {
        long second = time.GetUtcNow().ToUnixTimeSeconds();
        while (true)
        {
            long before = Volatile.Read(ref _taken);
            long count = before >> 32 == second ? before & uint.MaxValue : 0;
            if (count >= options.Value.IdleWritesPerSecond)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _taken, (second << 32) | (count + 1), before) == before)
            {
                return true;
            }
        }
    }
}
