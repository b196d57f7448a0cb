using Customer360.Rules.Policies;

namespace Customer360.Silo.Policies;

/// <summary>A node's copy of a policy in force.</summary>
public abstract class LivePolicy(PolicyKind kind)
{
    public PolicyKind Kind { get; } = kind;

    /// <summary>The number of what is followed, in the history of the kind; 0: what is built in.</summary>
    public abstract long Number { get; }

    /// <summary>Takes a version unless it has a newer one: two may arrive at once, and in any order.</summary>
    /// <param name="reading">One that can be read.</param>
    public abstract void Take(long number, long epoch, PolicyReading reading);
}

/// <inheritdoc/>
/// <remarks>
/// Everything that is decided asks for it, so it is one reference, replaced as a whole, and never by an older one.
/// </remarks>
public sealed class LivePolicy<T> : LivePolicy, IPolicy<T>
    where T : class
{
    private PolicyInForce<T> _inForce;

    public LivePolicy(PolicyKind<T> kind, PolicyKinds kinds)
        : base(kind) => _inForce = new PolicyInForce<T>(0, 0, ((PolicyReading<T>)kinds.BuiltIn(kind)).Body!);

    public T Current => InForce.Body.Base;

    public long Epoch => InForce.Epoch;

    public PolicyInForce<T> InForce => Volatile.Read(ref _inForce);

    public override long Number => InForce.Number;

    public override void Take(long number, long epoch, PolicyReading reading)
    {
        PolicyBody<T> body = ((PolicyReading<T>)reading).Body!;
        PolicyInForce<T> known = InForce;
        while (number > known.Number)
        {
            // The same version stays the same object: what was made by it stays valid.
            PolicyBody<T> next = body.Version == known.Body.Version ? known.Body : body;
            var taken = new PolicyInForce<T>(number, epoch, next);
            PolicyInForce<T> found = Interlocked.CompareExchange(ref _inForce, taken, known);
            if (ReferenceEquals(found, known))
            {
                return;
            }

            known = found;
        }
    }
}
