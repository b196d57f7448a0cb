using System.Collections.Immutable;
using Customer360.Rules.Destinations;

namespace Customer360.Rules.Ports;

/// <summary>Sends to destinations, and is led inside of the network by none of them.</summary>
public interface IDeliverySender
{
    /// <summary>One try. It ends within the request's time, whatever the receiver does; what goes wrong is an answer, too.</summary>
    /// <exception cref="OperationCanceledException">The node stops.</exception>
    Task<DeliveryAnswer> SendAsync(DeliveryRequest request, CancellationToken stop);
}

/// <summary>The secrets of destinations: settings, which <c>destinations.yaml</c> names.</summary>
public interface IDestinationSecrets
{
    /// <summary>Those of these names that this node has, in order.</summary>
    ImmutableArray<string> Of(ImmutableArray<string> names);
}

/// <summary>Writes files of deliveries below the folder that the operator has named for them.</summary>
public interface IDeliveryFiles
{
    /// <summary>
    /// Writes a file whole, and then its manifest beside it, named <c>FILE.manifest.json</c>. False: there is no such folder, or it can't
    /// be written to.
    /// </summary>
    /// <param name="folder">A name below the operator's folder.</param>
    Task<bool> WriteAsync(
        string folder,
        string file,
        ReadOnlyMemory<byte> content,
        ReadOnlyMemory<byte> manifest,
        CancellationToken stop
    );
}
