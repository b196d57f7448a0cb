using Customer360.Grains.Contracts;
using Customer360.Rules.Identity;

namespace Customer360.Silo.Identity;

/// <summary>
/// A node's copy of the rules in force. <see cref="IIdentityRulesGrain"/> owns them; this is what every message is read and
/// decided by, so it is one reference, replaced as a whole.
/// </summary>
/// <param name="builtIn">What counts until the grain has others.</param>
public sealed class LiveIdentityRules(IdentityRules builtIn) : IIdentityRulesSource
{
    private Snapshot _snapshot = new(0, builtIn);

    public IdentityRules Current => Volatile.Read(ref _snapshot).Rules;

    /// <summary>The rules that count while the history is empty.</summary>
    public IdentityRules BuiltIn { get; } = builtIn;

    /// <summary>The number of the version in <see cref="IIdentityRulesGrain"/>; 0: none of its.</summary>
    public long Number => Volatile.Read(ref _snapshot).Number;

    /// <summary>Takes a version unless it has a newer one: two may arrive at once, and in any order.</summary>
    public void Take(long number, IdentityRules rules)
    {
        var next = new Snapshot(number, rules);
        Snapshot known = Volatile.Read(ref _snapshot);
        while (number > known.Number)
        {
            Snapshot found = Interlocked.CompareExchange(ref _snapshot, next, known);
            if (ReferenceEquals(found, known))
            {
                return;
            }

            known = found;
        }
    }

    private sealed record Snapshot(long Number, IdentityRules Rules);
}
