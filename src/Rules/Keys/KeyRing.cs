using System.Collections.Immutable;
using System.Globalization;
using Customer360.Rules.Audit;

namespace Customer360.Rules.Keys;

/// <summary>Why a change of the ring was not made.</summary>
public enum KeyObjection
{
    /// <summary>There is a key of this name.</summary>
    NameTaken = 0,

    /// <summary>There is no key of this name.</summary>
    Unknown = 1,

    /// <summary>Two secrets are in use: the old one has not ended.</summary>
    RotationUnderWay = 2,

    /// <summary>The ring holds as many keys as it may.</summary>
    TooMany = 3,
}

/// <summary>Who changes the ring, and by which request.</summary>
public sealed record KeyChange(AuditActor By, DateTimeOffset At, string? RequestId);

/// <summary>What came of a change: another ring, or an objection and the ring as it was.</summary>
public sealed record KeyRingDecision(KeyRing Ring, KeyObjection? Objection = null);

/// <summary>All keys that the grid keeps. Each change is one entry for the audit, which the ring holds until it is taken.</summary>
public sealed record KeyRing
{
    /// <summary>Keys at most. Every node has a copy of all of them.</summary>
    public const int KeysMax = 5_000;

    /// <summary>How long two secrets of a key may live side by side at most.</summary>
    public static readonly TimeSpan OverlapMax = TimeSpan.FromDays(30);

    public static KeyRing Empty { get; } = new();

    /// <summary>Rises by one with every change of what the keys are.</summary>
    public long Number { get; init; }

    /// <summary>By name (ordinal, without case).</summary>
    public ImmutableArray<StoredKey> Keys { get; init; } = [];

    /// <summary>What the audit has not taken yet, the oldest first.</summary>
    public ImmutableArray<AuditEntry> Unrecorded { get; init; } = [];

    /// <summary>The key of a name; null where there is none.</summary>
    public StoredKey? Find(string name) => Place(name) is >= 0 and var place ? Keys[place] : null;

    /// <summary>Adds a key with its first secret.</summary>
    public KeyRingDecision Create(StoredKey key, KeyChange change)
    {
        int place = Place(key.Name);
        if (place >= 0)
        {
            return new KeyRingDecision(this, KeyObjection.NameTaken);
        }

        return Keys.Length >= KeysMax
            ? new KeyRingDecision(this, KeyObjection.TooMany)
            : Changed(Keys.Insert(~place, key), "key.created", key, change);
    }

    /// <summary>
    /// Gives a key another secret. The current one lives on for <paramref name="overlap"/>, so that who uses it can go over.
    /// </summary>
    /// <remarks>
    /// An answer may be lost on its way, and the new secret with it. So a rotation that is repeated before anybody came with the
    /// new secret replaces that one, and leaves the old one, which everybody still uses, as it is.
    /// Without an overlap all other secrets end at once: what to do with a key that was stolen.
    /// </remarks>
    public KeyRingDecision Rotate(string name, KeySecret next, TimeSpan overlap, KeyChange change)
    {
        int place = Place(name);
        if (place < 0)
        {
            return new KeyRingDecision(this, KeyObjection.Unknown);
        }

        StoredKey key = Keys[place];
        KeySecret current = key.Secrets[0];
        KeySecret? old = key.Secrets.FirstOrDefault(one => one.Until > change.At);
        ImmutableArray<KeySecret> secrets;
        if (overlap <= TimeSpan.Zero)
        {
            secrets = [next];
        }
        else if (old is null)
        {
            secrets = [next, current with { Until = change.At + overlap }];
        }
        else if (current.LastUsedDay is null)
        {
            secrets = [next, old];
        }
        else
        {
            return new KeyRingDecision(this, KeyObjection.RotationUnderWay);
        }

        StoredKey rotated = key with { Secrets = secrets };
        return Changed(Keys.SetItem(place, rotated), "key.rotated", rotated, change);
    }

    /// <summary>Takes a key out. It counts nowhere any more once the nodes know.</summary>
    public KeyRingDecision Revoke(string name, KeyChange change)
    {
        int place = Place(name);
        return place < 0
            ? new KeyRingDecision(this, KeyObjection.Unknown)
            : Changed(Keys.RemoveAt(place), "key.revoked", Keys[place], change);
    }

    /// <summary>Notes days on which secrets were used. It is no change of what the keys are: the number stays.</summary>
    /// <returns>This ring where all of it was known.</returns>
    public KeyRing NoteUses(IReadOnlyDictionary<string, int> dayBySecret)
    {
        ImmutableArray<StoredKey>.Builder? keys = null;
        for (int place = 0; place < Keys.Length; place++)
        {
            StoredKey key = Keys[place];
            if (key.Secrets.Any(IsNews))
            {
                keys ??= Keys.ToBuilder();
                keys[place] = key with
                {
                    Secrets =
                    [
                        .. key.Secrets.Select(one =>
                            IsNews(one) ? one with { LastUsedDay = dayBySecret[one.Id] } : one
                        ),
                    ],
                };
            }
        }

        return keys is null ? this : this with { Keys = keys.MoveToImmutable() };

        bool IsNews(KeySecret secret) =>
            dayBySecret.TryGetValue(secret.Id, out int day) && !(secret.LastUsedDay >= day);
    }

    /// <summary>Without the entries that the audit has taken.</summary>
    public KeyRing Recorded(ImmutableArray<AuditEntry> taken) =>
        this with
        {
            Unrecorded = [.. Unrecorded.Where(one => taken.All(other => other.Id != one.Id))],
        };

    private KeyRingDecision Changed(ImmutableArray<StoredKey> keys, string action, StoredKey key, KeyChange change)
    {
        long number = Number + 1;
        KeySecret secret = key.Secrets[0];

        // The number alone would not do: after a restore from a backup it is given a second time.
        var entry = new AuditEntry(
            string.Create(CultureInfo.InvariantCulture, $"key:{number}:{secret.Id}:{action}"),
            change.At,
            action,
            change.By,
            "key",
            key.Name
        )
        {
            RequestId = change.RequestId,
            Details = Details(key),
        };
        return new KeyRingDecision(this with { Number = number, Keys = keys, Unrecorded = Unrecorded.Add(entry) });
    }

    private static ImmutableSortedDictionary<string, string> Details(StoredKey key)
    {
        var details = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        details["roles"] = string.Join(' ', key.Roles);
        details["secret"] = key.Secrets[0].Id;
        Add("purposes", key.Purposes);
        Add("origins", key.Origins);
        Add("addresses", key.Addresses);
        if (key.ExpiresAt is { } expiry)
        {
            details["expiresAt"] = expiry.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
        }

        return details.ToImmutable();

        void Add(string name, ImmutableArray<string> values)
        {
            if (!values.IsEmpty)
            {
                details[name] = string.Join(' ', values);
            }
        }
    }

    /// <summary>Where the key of a name stands; the complement of where it would stand.</summary>
    private int Place(string name)
    {
        int low = 0;
        int high = Keys.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = StringComparer.OrdinalIgnoreCase.Compare(Keys[middle].Name, name);
            if (order == 0)
            {
                return middle;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }
}
