using Customer360.Rules.Identity;

namespace Customer360.Grains;

/// <summary>For jobs that walk the stored customers in the order of their ids.</summary>
internal static class CustomerPages
{
    /// <summary>How far a walk is, 0 to 100: ids rise with the time at which customers began.</summary>
    public static double PercentOf(string first, string reached, DateTimeOffset now)
    {
        DateTimeOffset began = CustomerId.CreatedAt(first);
        return 100 * (CustomerId.CreatedAt(reached) - began) / (now - began + TimeSpan.FromSeconds(1));
    }
}
