using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>Anything that can be called through a grain reference.</summary>
    public interface IAddressable;
}

namespace Orleans
{
    /// <summary>Marks grain interfaces and grain classes.</summary>
    public interface IGrain : IAddressable;

    /// <summary>A grain whose key is a GUID.</summary>
    public interface IGrainWithGuidKey : IGrain;

    /// <summary>A grain whose key is a 64-bit integer.</summary>
    public interface IGrainWithIntegerKey : IGrain;

    /// <summary>A grain whose key is a text.</summary>
    public interface IGrainWithStringKey : IGrain;

    /// <summary>A grain whose key is a GUID and a text.</summary>
    public interface IGrainWithGuidCompoundKey : IGrain;

    /// <summary>A grain whose key is a 64-bit integer and a text.</summary>
    public interface IGrainWithIntegerCompoundKey : IGrain;

    /// <summary>Marks interfaces of ordinary objects that grains call back.</summary>
    public interface IGrainObserver : IAddressable;
}
