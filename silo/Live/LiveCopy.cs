namespace Customer360.Silo.Live;

/// <summary>
/// A node's copy of a configuration that a grain owns. Everything that is done asks for it, so it is one reference,
/// replaced as a whole, and never by an older one.
/// </summary>
/// <param name="builtIn">What counts until the grain has another; its number is 0.</param>
internal sealed class LiveCopy<T>(T builtIn)
    where T : class
{
    private Snapshot _snapshot = new(0, builtIn);

    public T Current => Volatile.Read(ref _snapshot).Value;

    /// <summary>The number of <see cref="Current"/> in the grain's history; 0: none of its.</summary>
    public long Number => Volatile.Read(ref _snapshot).Number;

    /// <summary>Takes a version unless it has a newer one: two may arrive at once, and in any order.</summary>
    /// <param name="isSame">Where it says so, the object that is known stays, with what was made from it.</param>
    public void Take(long number, T value, Func<T, T, bool>? isSame = null)
    {
        Snapshot known = Volatile.Read(ref _snapshot);
        while (number > known.Number)
        {
            var next = new Snapshot(number, isSame?.Invoke(known.Value, value) == true ? known.Value : value);
            Snapshot found = Interlocked.CompareExchange(ref _snapshot, next, known);
            if (ReferenceEquals(found, known))
            {
                return;
            }

            known = found;
        }
    }

    private sealed record Snapshot(long Number, T Value);
}
