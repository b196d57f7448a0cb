using System.Collections.Immutable;
using Customer360.Rules.Keys;

namespace Customer360.Grains.Contracts;

/// <summary>
/// Owns the keys that the grid keeps. Every process of the API has a copy of them and asks once a second whether they changed,
/// so a change counts at once where it was made and within two seconds elsewhere.
/// </summary>
[Alias("c360.IKeyRingGrain")]
public interface IKeyRingGrain : IGrainWithStringKey
{
    /// <summary>The ring where it is another than the one of this number; null where it is that one.</summary>
    /// <remarks>It reads its row at least each second, since the command line may have written it.</remarks>
    [Alias("GetUnless")]
    Task<KeyRingCopy?> GetUnless(long number);

    /// <summary>Adds a key. Repeating it is refused: the name is taken.</summary>
    [Alias("Create")]
    Task<KeyReply> Create(KeyCreate create);

    /// <summary>Gives a key another secret.</summary>
    [Alias("Rotate")]
    Task<KeyReply> Rotate(KeyRotate rotate);

    /// <summary>Takes a key out.</summary>
    [Alias("Revoke")]
    Task<KeyReply> Revoke(KeyRevoke revoke);

    /// <summary>Notes on which days secrets were used. Repeating it changes nothing.</summary>
    [Alias("NoteUses")]
    Task NoteUses(ImmutableArray<KeyUse> uses);
}

/// <summary>All keys at one moment.</summary>
/// <param name="Number">Rises with every change.</param>
/// <param name="Json">The keys (<see cref="KeyRingJson"/>).</param>
[GenerateSerializer, Immutable, Alias("c360.KeyRingCopy")]
public sealed record KeyRingCopy([property: Id(0)] long Number, [property: Id(1)] ReadOnlyMemory<byte> Json);

/// <summary>Who asks for a change.</summary>
/// <param name="Kind"><c>key</c> or <c>token</c>.</param>
/// <param name="Name">The key's name, or the token's subject.</param>
/// <param name="Roles">The caller's roles.</param>
/// <param name="RequestId">The request that brings the change.</param>
[GenerateSerializer, Immutable, Alias("c360.KeyActor")]
public sealed record KeyActor(
    [property: Id(0)] string Kind,
    [property: Id(1)] string Name,
    [property: Id(2)] string Roles,
    [property: Id(3)] string? RequestId
);

/// <param name="Id">The id within the secret's text.</param>
/// <param name="Digest">SHA-256 of the text, 64 hexadecimal digits: the text itself never leaves the process that made it.</param>
[GenerateSerializer, Immutable, Alias("c360.KeyMade")]
public sealed record KeyMade([property: Id(0)] string Id, [property: Id(1)] string Digest);

/// <inheritdoc cref="StoredKey"/>
[GenerateSerializer, Immutable, Alias("c360.KeyCreate")]
public sealed record KeyCreate(
    [property: Id(0)] string Name,
    [property: Id(1)] ImmutableArray<string> Roles,
    [property: Id(2)] KeyMade Secret,
    [property: Id(3)] KeyActor By
)
{
    /// <inheritdoc cref="StoredKey.Source"/>
    [Id(4)]
    public string Source { get; init; } = "";

    /// <summary>True: its source is public. Null: as its roles say.</summary>
    [Id(5)]
    public bool? IsPublic { get; init; }

    /// <inheritdoc cref="StoredKey.Purposes"/>
    [Id(6)]
    public ImmutableArray<string> Purposes { get; init; } = [];

    /// <inheritdoc cref="StoredKey.Origins"/>
    [Id(7)]
    public ImmutableArray<string> Origins { get; init; } = [];

    /// <inheritdoc cref="StoredKey.Addresses"/>
    [Id(8)]
    public ImmutableArray<string> Addresses { get; init; } = [];

    /// <inheritdoc cref="StoredKey.ExpiresAt"/>
    [Id(9)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <inheritdoc cref="StoredKey.RequestsPerMinute"/>
    [Id(10)]
    public int? RequestsPerMinute { get; init; }

    /// <inheritdoc cref="StoredKey.RequestsPerDay"/>
    [Id(11)]
    public int? RequestsPerDay { get; init; }
}

/// <param name="Overlap">How long the secret of now lives on; zero: it ends at once.</param>
[GenerateSerializer, Immutable, Alias("c360.KeyRotate")]
public sealed record KeyRotate(
    [property: Id(0)] string Name,
    [property: Id(1)] KeyMade Secret,
    [property: Id(2)] TimeSpan Overlap,
    [property: Id(3)] KeyActor By
);

[GenerateSerializer, Immutable, Alias("c360.KeyRevoke")]
public sealed record KeyRevoke([property: Id(0)] string Name, [property: Id(1)] KeyActor By);

/// <param name="Ring">The keys afterwards.</param>
/// <param name="Objection">Why nothing was changed; null where it was.</param>
[GenerateSerializer, Immutable, Alias("c360.KeyReply")]
public sealed record KeyReply([property: Id(0)] KeyRingCopy Ring, [property: Id(1)] KeyObjection? Objection);

/// <param name="SecretId">The id within the secret's text.</param>
/// <param name="Day">The day (UTC), as <see cref="DateOnly.DayNumber"/>.</param>
[GenerateSerializer, Immutable, Alias("c360.KeyUse")]
public sealed record KeyUse([property: Id(0)] string SecretId, [property: Id(1)] int Day);
