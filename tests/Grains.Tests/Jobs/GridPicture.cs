using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;

namespace Customer360.Grains.Tests.Jobs;

/// <summary>Who has which of some identifiers, and the profiles of all of them, without their versions.</summary>
internal static class GridPicture
{
    /// <summary>One line a customer: its profile, its identifiers among it.</summary>
    public static async Task<string[]> Of(TestGrid grid, IEnumerable<string> identifiers)
    {
        var customers = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string identifier in identifiers)
        {
            if (await grid.Grains.GetGrain<IIdentifierGrain>(identifier).GetOwner() is { } stored)
            {
                string owner = (await grid.OwnerOf(identifier))!;
                Assert.Equal(owner, stored);
                customers.Add(owner);
            }
        }

        List<string> lines = [];
        foreach (string customer in customers)
        {
            ProfileReply reply = await grid.Grains.GetGrain<ICustomerGrain>(customer).GetProfile();
            JsonObject profile = JsonNode.Parse(reply.Json.Span)!.AsObject();
            profile.Remove("version");
            lines.Add(profile.ToJsonString());
        }

        return [.. lines];
    }
}
