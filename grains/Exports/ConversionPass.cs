using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Attribution;
using Customer360.Rules.Ports;
using Customer360.Rules.Warehouse;

namespace Customer360.Grains;

/// <summary>Goes through all conversions and makes the rows of the tables of attribution. A conversion stores each change at once.</summary>
internal sealed class ConversionPass(JobTools tools, MirrorFields fields, MirrorSinks sinks) : IMirrorPass
{
    private const int PageConversions = 200;

    public static ImmutableArray<MirrorTable> Tables { get; } =
    [ConversionRows.Conversions, ConversionRows.Touches, ConversionRows.Credits];

    public Task Run(JobPace pace, CancellationToken stop) =>
        MirrorScan.Run(tools, GrainKeys.ConversionState, PageConversions, Add, sinks, pace, stop);

    private async Task Add(ScannedState state)
    {
        using var document = JsonDocument.Parse(state.Json);
        ConversionFile file = ConversionFileJson.Read(document.RootElement);
        HashSet<string> visible = new(StringComparer.Ordinal);
        foreach (string customerId in ConversionFileRules.CustomersOf(file).Where(one => one.Length > 0))
        {
            if ((await fields.OfCustomer(customerId)).Show(FieldSets.Activity))
            {
                visible.Add(customerId);
            }
        }

        ConversionRows.Add(
            sinks.RowsOf(ConversionRows.Conversions),
            sinks.RowsOf(ConversionRows.Touches),
            sinks.RowsOf(ConversionRows.Credits),
            ConversionFileRules.VisibleTo(file, visible)
        );
    }
}
