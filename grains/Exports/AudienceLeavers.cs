using System.Collections.Immutable;
using Customer360.Rules.Access;
using Customer360.Rules.Audiences;
using Customer360.Rules.Ports;
using Customer360.Rules.Warehouse;

namespace Customer360.Grains;

/// <summary>Goes through who has left the audiences that there are, as far as that is kept.</summary>
internal sealed class AudienceLeavers(ExportTools mirror, MirrorFields fields, MirrorSinks sinks)
{
    private const int PageChanges = 500;

    public async Task Run(JobPace pace, CancellationToken stop)
    {
        foreach (AudienceDefinition audience in mirror.Policies.Audiences.Audiences)
        {
            var after = new AudienceChangePlace(0, "");
            ImmutableArray<AudienceChangeRow> page;
            do
            {
                page = await pace.Storage(mirror.Audiences.ReadChangesAsync(audience.Name, after, PageChanges, stop));
                foreach (AudienceChangeRow change in page.Where(one => !one.IsMember))
                {
                    // Of a customer that is another's by now, or is forgotten, it is not told that it was in it.
                    if (
                        await fields.ViewOf(change.Place.CustomerId) is { } view
                        && view.CustomerId == change.Place.CustomerId
                        && fields.Of(view).HaveAnyOf(FieldSets.Profile)
                    )
                    {
                        AudienceRows.AddLeft(sinks.RowsOf(AudienceRows.Changes), audience.Name, change);
                    }
                }

                await sinks.Flush(stop);
                await pace.Rest();
                after = page.IsEmpty ? after : page[^1].Place;
            } while (page.Length == PageChanges);
        }
    }
}
