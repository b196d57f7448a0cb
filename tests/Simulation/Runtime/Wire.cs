using Orleans.Serialization;
using Orleans.Serialization.Invocation;

namespace Customer360.Simulation.Runtime;

/// <summary>
/// The way between two silos: what crosses is written by Orleans' serializer and read again. Between grains of one silo
/// nothing is written, only copied, and that the generated proxies do themselves.
/// </summary>
internal sealed class Wire(Serializer serializer, bool isRemote, IRuntimeWatcher? watcher)
{
    public IInvokable Cross(IInvokable request) => isRemote ? Cross<IInvokable>(request) : request;

    /// <remarks>As in Orleans, a caller whose answer can't be written is told why in its place.</remarks>
    public Response Cross(Response response, Call call)
    {
        if (!isRemote || call.IsLocalOnly)
        {
            return response;
        }

        if (response.Exception is not null)
        {
            watcher?.Met(Weakness.ExceptionSerialized, call.Target);
        }

        try
        {
            return Cross<Response>(response);
        }
        catch (CodecNotFoundException unknown)
        {
            return Response.FromException(unknown);
        }
    }

    private T Cross<T>(T message) => serializer.Deserialize<T>(serializer.SerializeToArray(message))!;
}
