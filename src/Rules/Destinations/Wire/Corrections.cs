using System.Collections.Immutable;
using Customer360.Rules.Events;

namespace Customer360.Rules.Destinations;

/// <summary>Takes a correction apart, where a request, a record or a line names a person by one identifier of a type.</summary>
public static class Corrections
{
    /// <summary>
    /// The same correction for each value of the identifiers that are asked for: the receiver may have a record for each, since data goes
    /// by the first of a type, which may have been another then. Where nothing of the kind is asked for it is one.
    /// </summary>
    /// <param name="paths">Where the values of a request come from: see <see cref="DeliveryPaths"/>.</param>
    public static ImmutableArray<DeliveryContent> OneByOne(DeliveryContent content, IEnumerable<string> paths)
    {
        HashSet<string> types = [.. paths.Select(DeliveryPaths.IdentifierTypeOf).OfType<string>()];
        Identifier[][] values =
        [
            .. content
                .Identifiers.Where(one => types.Contains(one.Type))
                .GroupBy(one => one.Type)
                .Select(Enumerable.ToArray),
        ];
        if (values.Length == 0)
        {
            return [content];
        }

        ImmutableArray<Identifier> others = [.. content.Identifiers.Where(one => !types.Contains(one.Type))];
        return
        [
            // Each value is there at least once; of a type with fewer the last one stays.
            .. Enumerable
                .Range(0, values.Max(type => type.Length))
                .Select(place =>
                    content with
                    {
                        Identifiers = [.. values.Select(type => type[Math.Min(place, type.Length - 1)]), .. others],
                    }
                ),
        ];
    }
}
