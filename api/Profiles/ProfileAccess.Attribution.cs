using System.Text.Json;
using Customer360.Api.Problems;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Attribution;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Profiles;

/// <summary>The journeys behind conversions: when somebody was where, and what brought her there.</summary>
internal sealed partial class ProfileAccess
{
    private static readonly Refusal s_noConversion = new NotFound("conversion");

    /// <summary>
    /// The caller sees what people did, so a report may name to it a channel that one of them came by. Others get sums of too few people
    /// without their names.
    /// </summary>
    public bool SeesJourneys(in Asker asker) => Decide(asker, FieldSets.Activity).Succeeded;

    /// <summary>The caller works with leads, so a report may name to it who of sales has them.</summary>
    public bool WorksWithLeads(in Asker asker) => tables.MayDo(asker.Roles, RoleTasks.Leads);

    /// <summary>
    /// A conversion with the journeys of those of whom the caller may see when they were active. Of others only when a touch was is told, and
    /// that it is withheld.
    /// </summary>
    /// <param name="conversionId">Null: the path names none that there can be.</param>
    public async Task<Outcome<ConversionFile>> ExplainConversion(Asker asker, string? conversionId)
    {
        Outcome<AccessRight> right = Decide(asker, FieldSets.None, FieldSets.Activity);
        if (!right.Succeeded)
        {
            return right.Refusal;
        }

        ReadOnlyMemory<byte> json = conversionId is null
            ? default
            : await grains.GetGrain<IConversionGrain>(conversionId).Get();
        if (json.IsEmpty)
        {
            return s_noConversion;
        }

        using var document = JsonDocument.Parse(json);
        ConversionFile file = ConversionFileJson.Read(document.RootElement);
        string[] customers = [.. ConversionFileRules.CustomersOf(file)];
        VisibleFields[] fields = await Task.WhenAll(
            customers.Select(customer => FieldsOf(right.Value, customer).AsTask())
        );
        HashSet<string> visible =
        [
            .. customers.Zip(fields).Where(one => one.Second.Show(FieldSets.Activity)).Select(one => one.First),
        ];
        return await Told<ConversionFile>(
            asker,
            "conversion.explained",
            customers is [var only] ? only : null,
            right.Value.Fields,
            ConversionFileRules.VisibleTo(file, visible)
        );
    }
}
