using System.Globalization;

namespace Orleans
{
    /// <summary>Names a grain class; it is the first part of its grains' ids.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class GrainTypeAttribute(string grainType) : Attribute
    {
        internal string Name { get; } = grainType;
    }
}

namespace Orleans.Metadata
{
    /// <summary>On an interface: which of several classes that implement it is meant.</summary>
    [AttributeUsage(AttributeTargets.Interface)]
    public sealed class DefaultGrainTypeAttribute(string grainType) : Attribute
    {
        internal string Name { get; } = grainType;
    }
}

namespace Orleans.Runtime
{
    /// <summary>Names a grain interface.</summary>
    [AttributeUsage(AttributeTargets.Interface)]
    public sealed class GrainInterfaceTypeAttribute(string value) : Attribute
    {
        internal string Name { get; } = value;
    }
}

namespace Orleans
{
    /// <summary>On a grain class: its activations are never collected for being idle.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public class KeepAliveAttribute : Attribute;

    /// <summary>On a grain class: how long its activations may be idle before they are collected; at least a minute.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public class CollectionAgeLimitAttribute : Attribute
    {
        /// <summary>The least age limit: one minute.</summary>
        public static readonly TimeSpan MinAgeLimit = TimeSpan.FromMinutes(1);

        private readonly TimeSpan? _value;

        public CollectionAgeLimitAttribute() { }

        public CollectionAgeLimitAttribute(string inactivityPeriod) =>
            _value = TimeSpan.Parse(inactivityPeriod, CultureInfo.InvariantCulture);

        public double Days { get; set; }

        public double Hours { get; set; }

        public double Minutes { get; set; }

        /// <summary>Never collected.</summary>
        public bool AlwaysActive { get; set; }

        /// <summary>The limit that results from the other properties.</summary>
        public TimeSpan AgeLimit
        {
            get
            {
                if (_value is { } value)
                {
                    return value;
                }

                if (AlwaysActive)
                {
                    return TimeSpan.FromDays(short.MaxValue);
                }

                var sum = TimeSpan.FromDays(Days) + TimeSpan.FromHours(Hours) + TimeSpan.FromMinutes(Minutes);
                return sum < MinAgeLimit ? MinAgeLimit : sum;
            }
        }
    }
}

namespace Orleans.Providers
{
    /// <summary>On a class that derives from <see cref="Grain{TGrainState}"/>: where its state is stored.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class StorageProviderAttribute : Attribute
    {
        /// <summary>The storage's name. Default: the default storage.</summary>
        public string ProviderName { get; set; } = ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME;
    }

    /// <summary>Names that stand for "the one that is configured".</summary>
    public static class ProviderConstants
    {
#pragma warning disable CA1707 // The names are those of Orleans.
        public const string DEFAULT_STORAGE_PROVIDER_NAME = "Default";
        public const string DEFAULT_PUBSUB_PROVIDER_NAME = "PubSubStore";
#pragma warning restore CA1707
    }
}
