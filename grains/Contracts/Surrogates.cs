using Customer360.Rules.Events;
using Orleans;

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
