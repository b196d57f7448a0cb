using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Keys;

/// <summary>A key that the grid keeps, without its secrets.</summary>
/// <param name="Name">Unique in the ring, in any case of letters.</param>
/// <param name="Roles">Names of roles: <c>collect</c>, <c>read</c>, <c>admin</c>, or roles of the access policy.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="CreatedBy">Who made it: a key's name, a token's subject, or <c>command line</c>.</param>
public sealed record StoredKey(string Name, ImmutableArray<string> Roles, DateTimeOffset CreatedAt, string CreatedBy)
{
    /// <summary>What messages that come with it have as their source; empty: the key's name.</summary>
    public string Source { get; init; } = "";

    /// <summary>How far its source is believed; null: as its roles say.</summary>
    public SourceTrust? Trust { get; init; }

    /// <summary>What its reads may be for; empty: what its roles allow.</summary>
    public ImmutableArray<string> Purposes { get; init; } = [];

    /// <summary>Origins (<c>https://shop.example.com</c>) of the pages that may use it; empty: any, and programs.</summary>
    public ImmutableArray<string> Origins { get; init; } = [];

    /// <summary>Addresses (<c>203.0.113.7</c>) and networks (<c>10.0.0.0/8</c>) that may use it; empty: any.</summary>
    public ImmutableArray<string> Addresses { get; init; } = [];

    /// <summary>From when on it is no key any more; null: it does not end by itself.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Requests a minute of each process of the API; null: what the settings say.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Requests a day (UTC) of each process of the API; null: what the settings say.</summary>
    public int? RequestsPerDay { get; init; }

    /// <summary>One, or two while it is rotated: the newest first.</summary>
    public ImmutableArray<KeySecret> Secrets { get; init; } = [];
}

/// <summary>A secret of a key, as it is kept: what was shown once can't be found from it.</summary>
/// <param name="Id">The id within the key's text (<see cref="KeyText"/>).</param>
/// <param name="Digest">SHA-256 of the whole text, 64 hexadecimal digits.</param>
/// <param name="CreatedAt">UTC.</param>
public sealed record KeySecret(string Id, string Digest, DateTimeOffset CreatedAt)
{
    /// <summary>Of a secret that was rotated out: when it ends. Null: it is the current one.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The last day (UTC, <see cref="DateOnly.DayNumber"/>) that somebody came with it; null: nobody did yet.</summary>
    public int? LastUsedDay { get; init; }
}
