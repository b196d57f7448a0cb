using Customer360.Api.OpenApi;
using Microsoft.OpenApi;

namespace Customer360.Api.Profiles;

/// <summary>How paths that name somebody by <c>type:value</c> are told the region.</summary>
internal static class RegionParameter
{
    public static RouteParameter Of { get; } =
        RouteParameter.Query(
            "region",
            JsonSchemaType.String,
            "Of several regions that have the value: whose identifier is meant. The same as `type@region:value` in the path. "
                + "Default: the identity rules' default region. A type that is `crossRegion` is the same in all.",
            "eu"
        );
}
