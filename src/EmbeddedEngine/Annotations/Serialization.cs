// These attributes tell Orleans how values cross the wire. Here nothing crosses a wire, so the engine does not read them;
// the architecture test does, so that the same sources run on Orleans.

namespace Orleans
{
    /// <summary>How members without an id get one.</summary>
    public enum GenerateFieldIds
    {
        None,
        PublicProperties,
    }

    /// <summary>The type can be serialized.</summary>
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum)]
    public sealed class GenerateSerializerAttribute : Attribute
    {
        public bool IncludePrimaryConstructorParameters { get; init; }

        public GenerateFieldIds GenerateFieldIds { get; init; } = GenerateFieldIds.None;
    }

    /// <summary>A member's number on the wire.</summary>
    [AttributeUsage(
        AttributeTargets.Field
            | AttributeTargets.Property
            | AttributeTargets.Class
            | AttributeTargets.Struct
            | AttributeTargets.Enum
            | AttributeTargets.Method
    )]
    public sealed class IdAttribute(uint id) : Attribute
    {
        public uint Id { get; } = id;
    }

    /// <summary>A name that stays when the type or method is renamed.</summary>
    [AttributeUsage(
        AttributeTargets.Class
            | AttributeTargets.Interface
            | AttributeTargets.Struct
            | AttributeTargets.Enum
            | AttributeTargets.Method,
        AllowMultiple = true
    )]
    public sealed class AliasAttribute(string alias) : Attribute
    {
        public string Alias { get; } = alias;
    }

    /// <summary>Values never change after construction.</summary>
    [AttributeUsage(
        AttributeTargets.Class
            | AttributeTargets.Struct
            | AttributeTargets.Field
            | AttributeTargets.Property
            | AttributeTargets.Parameter
            | AttributeTargets.ReturnValue,
        Inherited = false
    )]
    public sealed class ImmutableAttribute : Attribute;

    /// <summary>The class converts a foreign type to and from its surrogate.</summary>
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
    public sealed class RegisterConverterAttribute : Attribute;

    /// <summary>The constructor with which a deserialized value is made.</summary>
    [AttributeUsage(AttributeTargets.Constructor)]
    public sealed class GeneratedActivatorConstructorAttribute : Attribute;

    /// <summary>Converts a value to a surrogate that can be serialized, and back.</summary>
    public interface IConverter<TValue, TSurrogate>
        where TSurrogate : struct
    {
        TValue ConvertFromSurrogate(in TSurrogate surrogate);

        TSurrogate ConvertToSurrogate(in TValue value);
    }

    /// <summary>Also fills the inherited part of a value.</summary>
    public interface IPopulator<TValue, TSurrogate>
        where TSurrogate : struct
        where TValue : class
    {
        void Populate(in TSurrogate surrogate, TValue value);
    }

    /// <summary>How long a call of this method may take, as "hh:mm:ss"; overrides the engine's response timeout.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class ResponseTimeoutAttribute(string timeout) : Attribute
    {
        public TimeSpan? Timeout { get; init; } =
            TimeSpan.Parse(timeout, System.Globalization.CultureInfo.InvariantCulture);
    }
}

namespace Orleans.CodeGeneration
{
    /// <summary>The version of a grain interface. Not used by an engine of one process.</summary>
    [AttributeUsage(AttributeTargets.Interface)]
    public sealed class VersionAttribute(ushort version) : Attribute
    {
        public ushort Version { get; } = version;
    }

    /// <summary>What a grain method's attributes ask for.</summary>
    [Flags]
    public enum InvokeMethodOptions
    {
        None = 0,
        OneWay = 1 << 0,
        ReadOnly = 1 << 1,
        AlwaysInterleave = 1 << 2,
        Unordered = 1 << 3,
    }
}
