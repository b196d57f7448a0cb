using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Customer360.Grains.Contracts;

/// <summary>
/// Tells the receivers that a request of OpenDSR names each change of its status, until each has taken it or it is given up. Key: the
/// request's id.
/// </summary>
[Alias("c360.IOpenDsrCallbackGrain")]
public interface IOpenDsrCallbackGrain : IGrainWithStringKey
{
    /// <summary>
    /// From now on it looks after the request by itself, also after a restart. Asked for before the request is written down, so that no
    /// change of one is ever left untold.
    /// </summary>
    [Alias("Watch")]
    Task Watch();

    /// <summary>The request has changed. It is no loss where this does not arrive: the grid looks by itself within a minute.</summary>
    [Alias("Look")]
    Task Look();

    /// <summary>How far the receivers are, in the order in which the request names them.</summary>
    [ReadOnly]
    [Alias("Get")]
    Task<ImmutableArray<OpenDsrReceiver>> Get();
}

/// <summary>How far a receiver of callbacks is.</summary>
/// <param name="Settled">Changes that it was told, or that were given up.</param>
/// <param name="GivenUp">Those that were given up.</param>
[GenerateSerializer, Immutable, Alias("c360.OpenDsrReceiver")]
public sealed record OpenDsrReceiver([property: Id(0)] int Settled, [property: Id(1)] int GivenUp);
