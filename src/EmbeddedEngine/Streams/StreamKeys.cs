using System.Buffers.Text;
using Orleans;
using Orleans.Runtime;

namespace Customer360.EmbeddedEngine.Streams;

/// <summary>Which grain of a class a stream belongs to: the one whose key is the stream's key.</summary>
internal static class StreamKeys
{
    /// <summary>False if the stream's key is not of the kind that the class has.</summary>
    public static bool TryGetGrainKey(Type classType, StreamId streamId, out IdSpan key)
    {
        var text = streamId.Key.Span;
        if (Is<IGrainWithGuidKey>(classType) || Is<IGrainWithGuidCompoundKey>(classType))
        {
            var isGuid = Utf8Parser.TryParse(text, out Guid guid, out var length, 'N') && length == text.Length;
            key = Is<IGrainWithGuidCompoundKey>(classType)
                ? GrainIdKeyExtensions.CreateGuidKey(guid, streamId.GetNamespace())
                : GrainIdKeyExtensions.CreateGuidKey(guid);
            return isGuid;
        }

        if (Is<IGrainWithIntegerKey>(classType) || Is<IGrainWithIntegerCompoundKey>(classType))
        {
            var isInteger = Utf8Parser.TryParse(text, out long integer, out var length) && length == text.Length;
            key = Is<IGrainWithIntegerCompoundKey>(classType)
                ? GrainIdKeyExtensions.CreateIntegerKey(integer, streamId.GetNamespace())
                : GrainIdKeyExtensions.CreateIntegerKey(integer);
            return isInteger;
        }

        key = new IdSpan(text.ToArray());
        return true;
    }

    private static bool Is<TKey>(Type classType) => typeof(TKey).IsAssignableFrom(classType);
}
