using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Runtime;

/// <summary>
/// All activations of one engine by grain id: a hash table in 64 parts whose chains run through the activations
/// themselves, so that an entry costs one pointer.
/// </summary>
/// <remarks>
/// Look-ups take no lock. They may run while a part is being enlarged and so miss an entry, never find a wrong one and
/// never run in circles (a moved entry only leads to entries moved before it); whoever finds nothing looks again under
/// the lock.
/// </remarks>
internal sealed class ActivationDirectory
{
    private const int PartCount = 64;
    private const int InitialBuckets = 16;
    private readonly Part[] _parts;

    public ActivationDirectory()
    {
        _parts = new Part[PartCount];
        for (var index = 0; index < PartCount; index++)
        {
            _parts[index] = new Part();
        }
    }

    /// <summary>How many activations there are.</summary>
    public int Count => _parts.Sum(static part => part.Count);

    /// <summary>The activation of a grain; a new one if it has none.</summary>
    public Activation GetOrAdd(GrainClass grainClass, IdSpan key)
    {
        var hash = Hash(grainClass, key);
        var part = _parts[hash & (PartCount - 1)];
        return Find(Volatile.Read(ref part.Buckets), hash, grainClass, key)
            ?? GetOrAddLocked(part, hash, grainClass, key);
    }

    /// <summary>The activation of a grain, or null.</summary>
    public Activation? Find(GrainClass grainClass, IdSpan key)
    {
        var hash = Hash(grainClass, key);
        var part = _parts[hash & (PartCount - 1)];
        lock (part)
        {
            return Find(part.Buckets, hash, grainClass, key);
        }
    }

    /// <summary>Takes an activation out.</summary>
    public void Remove(Activation activation)
    {
        var hash = Hash(activation.Class, activation.Key);
        var part = _parts[hash & (PartCount - 1)];
        lock (part)
        {
            ref var bucket = ref part.Buckets[BucketOf(part.Buckets, hash)];
            if (ReferenceEquals(bucket, activation))
            {
                Volatile.Write(ref bucket, activation.NextInBucket);
                part.Count--;
                return;
            }

            for (var previous = bucket; previous is not null; previous = previous.NextInBucket)
            {
                if (ReferenceEquals(previous.NextInBucket, activation))
                {
                    previous.NextInBucket = activation.NextInBucket;
                    part.Count--;
                    return;
                }
            }
        }
    }

    /// <summary>Adds the activations that a test accepts to a list.</summary>
    public void Collect(List<Activation> into, Func<Activation, bool> accept)
    {
        foreach (var part in _parts)
        {
            lock (part)
            {
                foreach (var bucket in part.Buckets)
                {
                    for (var activation = bucket; activation is not null; activation = activation.NextInBucket)
                    {
                        if (accept(activation))
                        {
                            into.Add(activation);
                        }
                    }
                }
            }
        }
    }

    private static Activation GetOrAddLocked(Part part, uint hash, GrainClass grainClass, IdSpan key)
    {
        lock (part)
        {
            if (Find(part.Buckets, hash, grainClass, key) is { } existing)
            {
                return existing;
            }

            if (part.Count >= part.Buckets.Length)
            {
                Enlarge(part);
            }

            var activation = new Activation(grainClass, key);
            ref var bucket = ref part.Buckets[BucketOf(part.Buckets, hash)];
            activation.NextInBucket = bucket;
            Volatile.Write(ref bucket, activation);
            part.Count++;
            return activation;
        }
    }

    private static void Enlarge(Part part)
    {
        var buckets = new Activation?[part.Buckets.Length * 2];
        foreach (var bucket in part.Buckets)
        {
            for (var activation = bucket; activation is not null; )
            {
                var next = activation.NextInBucket;
                ref var target = ref buckets[BucketOf(buckets, Hash(activation.Class, activation.Key))];
                activation.NextInBucket = target;
                target = activation;
                activation = next;
            }
        }

        Volatile.Write(ref part.Buckets, buckets);
    }

    private static Activation? Find(Activation?[] buckets, uint hash, GrainClass grainClass, IdSpan key)
    {
        for (
            var activation = Volatile.Read(ref buckets[BucketOf(buckets, hash)]);
            activation is not null;
            activation = activation.NextInBucket
        )
        {
            if (ReferenceEquals(activation.Class, grainClass) && activation.Key.Equals(key))
            {
                return activation;
            }
        }

        return null;
    }

    // The part is chosen by the low bits, so the bucket must be chosen by others.
    private static int BucketOf(Activation?[] buckets, uint hash) => (int)((hash >> 6) & (uint)(buckets.Length - 1));

    private static uint Hash(GrainClass grainClass, IdSpan key) =>
        unchecked(key.GetUniformHashCode() ^ (grainClass.GrainType.GetUniformHashCode() * 2654435761U));

    private sealed class Part
    {
        public Activation?[] Buckets = new Activation?[InitialBuckets];
        public int Count;
    }
}
