using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Customer360.Grains.Contracts;
using Customer360.Rules.Keys;

namespace Customer360.Api.Security;

/// <summary>What a look at the stored keys came to.</summary>
internal enum StoredMatch
{
    /// <summary>The grid keeps no such key, or keeps one that does not count here and now.</summary>
    None,

    /// <summary>The key counts.</summary>
    Found,

    /// <summary>This process has not heard lately what the keys are: it can't tell.</summary>
    NotKnown,
}

/// <summary>
/// This process's copy of the keys that the grid keeps. A look-up is by the id in the key's text, then by its SHA-256 in a time
/// that tells nothing. Thread-safe.
/// </summary>
/// <remarks>
/// A copy that was not confirmed for <see cref="AgeMax"/> may hold a key that was revoked since. Readers are refused then, with a
/// status that says to come again. Collect goes on with the last good copy: what is sent meanwhile would be lost, and a key
/// that only sends shows nobody anything.
/// </remarks>
public sealed class StoredKeys(TimeProvider time)
{
    /// <summary>For how long a copy counts that nobody has confirmed.</summary>
    public static readonly TimeSpan AgeMax = TimeSpan.FromSeconds(5);

    // Compared with where there is no key of the id, so that it takes as long as where there is one.
    private static readonly byte[] s_nobody = new byte[SHA256.HashSizeInBytes];

    private readonly ConcurrentDictionary<string, int> _uses = new(StringComparer.Ordinal);
    private Copy? _copy;
    private long _confirmedAt;

    /// <summary>The number of the ring that is followed; -1: none is known yet.</summary>
    public long Number => Volatile.Read(ref _copy)?.Number ?? -1;

    /// <summary>How many keys there are, those that have expired among them.</summary>
    public int Count => Volatile.Read(ref _copy)?.Keys ?? 0;

    /// <summary>True where the copy was confirmed a short time ago.</summary>
    public bool IsFresh =>
        Volatile.Read(ref _copy) is not null && time.GetElapsedTime(Volatile.Read(ref _confirmedAt)) <= AgeMax;

    /// <summary>Takes what the ring's owner answered; a ring that is older than the known one is passed over.</summary>
    /// <param name="answer">Null: the ring of <see cref="Number"/> is the one in force.</param>
    /// <param name="askedAt">The time stamp of the question: from then on the answer ages.</param>
    public void Take(KeyRingCopy? answer, long askedAt)
    {
        if (answer is not null)
        {
            Copy next = new(answer.Number, KeyRingJson.Read(answer.Json));
            Copy? known = Volatile.Read(ref _copy);
            while (known is null || known.Number < next.Number)
            {
                Copy? found = Interlocked.CompareExchange(ref _copy, next, known);
                if (ReferenceEquals(found, known))
                {
                    break;
                }

                known = found;
            }

            if (answer.Number < Number)
            {
                // Who answered so was overtaken, and confirms nothing.
                return;
            }
        }

        long before = Volatile.Read(ref _confirmedAt);
        while (before < askedAt)
        {
            long found = Interlocked.CompareExchange(ref _confirmedAt, askedAt, before);
            if (found == before)
            {
                return;
            }

            before = found;
        }
    }

    /// <summary>Looks for a key.</summary>
    /// <param name="text">A text of the form of a made key, whose checksum is right.</param>
    /// <param name="id">The id in it.</param>
    /// <param name="context">Where it came from.</param>
    /// <param name="mayBeStale">True: a copy that nobody confirmed lately will do for a key that is found.</param>
    /// <param name="key">The key, where it counts.</param>
    internal StoredMatch Find(
        ReadOnlySpan<byte> text,
        ReadOnlySpan<byte> id,
        HttpContext context,
        bool mayBeStale,
        out ApiKey? key
    )
    {
        key = null;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, digest);
        StoredSecret? secret = null;
        Volatile.Read(ref _copy)?.ById.TryGetValue(MemoryMarshal.Read<ulong>(id), out secret);
        bool isRight = CryptographicOperations.FixedTimeEquals(digest, secret?.Digest ?? s_nobody);
        if (!isRight || secret is null)
        {
            return IsFresh ? StoredMatch.None : StoredMatch.NotKnown;
        }

        DateTimeOffset now = time.GetUtcNow();
        if (secret.HasEnded(now) || !secret.MayComeFrom(context))
        {
            return StoredMatch.None;
        }

        if (!mayBeStale && !IsFresh)
        {
            return StoredMatch.NotKnown;
        }

        int day = DateOnly.FromDateTime(now.UtcDateTime).DayNumber;
        if (secret.IsFirstUseOf(day))
        {
            _uses[secret.Id] = day;
        }

        key = secret.Key;
        return StoredMatch.Found;
    }

    /// <summary>The uses that were not told yet; give them back where telling fails.</summary>
    internal ImmutableArray<KeyUse> TakeUses()
    {
        if (_uses.IsEmpty)
        {
            return [];
        }

        var taken = ImmutableArray.CreateBuilder<KeyUse>();
        foreach (string id in _uses.Keys)
        {
            if (_uses.TryRemove(id, out int day))
            {
                taken.Add(new KeyUse(id, day));
            }
        }

        return taken.DrainToImmutable();
    }

    internal void GiveBack(ImmutableArray<KeyUse> uses)
    {
        foreach (KeyUse use in uses)
        {
            _uses.AddOrUpdate(use.SecretId, use.Day, (_, day) => Math.Max(day, use.Day));
        }
    }

    private sealed class Copy(long number, KeyRing ring)
    {
        public long Number { get; } = number;

        public int Keys { get; } = ring.Keys.Length;

        public FrozenDictionary<ulong, StoredSecret> ById { get; } = Index(ring);

        private static FrozenDictionary<ulong, StoredSecret> Index(KeyRing ring)
        {
            Dictionary<ulong, StoredSecret> byId = [];
            foreach (StoredKey key in ring.Keys)
            {
                foreach (KeySecret secret in key.Secrets)
                {
                    // Two of 2^47 ids that are alike: the first one counts, and the other's owner rotates it.
                    byId.TryAdd(
                        MemoryMarshal.Read<ulong>(System.Text.Encoding.ASCII.GetBytes(secret.Id)),
                        new StoredSecret(key, secret)
                    );
                }
            }

            return byId.ToFrozenDictionary();
        }
    }
}
