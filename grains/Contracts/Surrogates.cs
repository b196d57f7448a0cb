using System.Collections.Immutable;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Profiles;

namespace Customer360.Grains.Contracts;

/// <summary>An envelope on the wire between silos: its canonical JSON, which is the whole of it.</summary>
[GenerateSerializer, Immutable, Alias("c360.EnvelopeSurrogate")]
public readonly record struct EnvelopeSurrogate([property: Id(0)] ReadOnlyMemory<byte> Json);

/// <summary>Lets <see cref="Envelope"/>, which knows no engine, cross the wire.</summary>
[RegisterConverter]
public sealed class EnvelopeConverter : IConverter<Envelope, EnvelopeSurrogate>
{
    public Envelope ConvertFromSurrogate(in EnvelopeSurrogate surrogate) => EnvelopeReader.FromJson(surrogate.Json);

    public EnvelopeSurrogate ConvertToSurrogate(in Envelope value) => new(value.Json);
}

/// <summary>An identifier on the wire between silos.</summary>
[GenerateSerializer, Immutable, Alias("c360.IdentifierSurrogate")]
public readonly record struct IdentifierSurrogate([property: Id(0)] string Type, [property: Id(1)] string Value);

/// <summary>Lets <see cref="Identifier"/>, which knows no engine, cross the wire.</summary>
[RegisterConverter]
public sealed class IdentifierConverter : IConverter<Identifier, IdentifierSurrogate>
{
    public Identifier ConvertFromSurrogate(in IdentifierSurrogate surrogate) =>
        Identifier.Create(surrogate.Type, surrogate.Value);

    public IdentifierSurrogate ConvertToSurrogate(in Identifier value) => new(value.Type, value.Value);
}

/// <summary>An identifier that a customer holds, on the wire between silos.</summary>
[GenerateSerializer, Immutable, Alias("c360.HeldIdentifierSurrogate")]
public readonly record struct HeldIdentifierSurrogate(
    [property: Id(0)] Identifier Identifier,
    [property: Id(1)] DateTimeOffset LinkedAt,
    [property: Id(2)] bool IsLinkClaimed,
    [property: Id(3)] bool IsClaimed
);

/// <summary>Lets <see cref="HeldIdentifier"/>, which knows no engine, cross the wire.</summary>
[RegisterConverter]
public sealed class HeldIdentifierConverter : IConverter<HeldIdentifier, HeldIdentifierSurrogate>
{
    public HeldIdentifier ConvertFromSurrogate(in HeldIdentifierSurrogate surrogate) =>
        new(surrogate.Identifier, surrogate.LinkedAt)
        {
            IsLinkClaimed = surrogate.IsLinkClaimed,
            IsClaimed = surrogate.IsClaimed,
        };

    public HeldIdentifierSurrogate ConvertToSurrogate(in HeldIdentifier value) =>
        new(value.Identifier, value.LinkedAt, value.IsLinkClaimed, value.IsClaimed);
}

/// <summary>A separation on the wire between silos.</summary>
[GenerateSerializer, Immutable, Alias("c360.SeparationSurrogate")]
public readonly record struct SeparationSurrogate(
    [property: Id(0)] string Id,
    [property: Id(1)] ImmutableArray<Identifier> One,
    [property: Id(2)] ImmutableArray<Identifier> Other
);

/// <summary>Lets <see cref="Separation"/>, which knows no engine, cross the wire.</summary>
[RegisterConverter]
public sealed class SeparationConverter : IConverter<Separation, SeparationSurrogate>
{
    public Separation ConvertFromSurrogate(in SeparationSurrogate surrogate) =>
        new(surrogate.Id, surrogate.One, surrogate.Other);

    public SeparationSurrogate ConvertToSurrogate(in Separation value) => new(value.Id, value.One, value.Other);
}

/// <summary>What a decision must know of a customer, on the wire between silos.</summary>
[GenerateSerializer, Immutable, Alias("c360.CustomerFactsSurrogate")]
public readonly record struct CustomerFactsSurrogate(
    [property: Id(0)] string CustomerId,
    [property: Id(1)] ImmutableArray<HeldIdentifier> Held,
    [property: Id(2)] ImmutableArray<Separation> Separations,
    [property: Id(3)] bool IsOversized,
    [property: Id(4)] int IdentifiersMax
);

/// <summary>Lets <see cref="CustomerFacts"/>, which knows no engine, cross the wire.</summary>
[RegisterConverter]
public sealed class CustomerFactsConverter : IConverter<CustomerFacts, CustomerFactsSurrogate>
{
    public CustomerFacts ConvertFromSurrogate(in CustomerFactsSurrogate surrogate) =>
        new(surrogate.CustomerId, surrogate.Held)
        {
            Separations = surrogate.Separations,
            IsOversized = surrogate.IsOversized,
            IdentifiersMax = surrogate.IdentifiersMax,
        };

    public CustomerFactsSurrogate ConvertToSurrogate(in CustomerFacts value) =>
        new(value.CustomerId, value.Held, value.Separations, value.IsOversized, value.IdentifiersMax);
}

/// <summary>A profile in parts on the wire between silos: its entries in their stored form.</summary>
[GenerateSerializer, Immutable, Alias("c360.ProfileViewSurrogate")]
public readonly record struct ProfileViewSurrogate([property: Id(0)] ReadOnlyMemory<byte> Json);

/// <summary>Lets <see cref="ProfileView"/>, which knows no engine, cross the wire.</summary>
[RegisterConverter]
public sealed class ProfileViewConverter : IConverter<ProfileView, ProfileViewSurrogate>
{
    public ProfileView ConvertFromSurrogate(in ProfileViewSurrogate surrogate) => ProfileViewJson.Read(surrogate.Json);

    public ProfileViewSurrogate ConvertToSurrogate(in ProfileView value) => new(ProfileViewJson.Write(value));
}
