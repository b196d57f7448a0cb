using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Attribution;
using Customer360.Rules.Ports;
using Customer360.Rules.Warehouse;

namespace Customer360.Grains;

/// <summary>Goes through all conversions and makes the rows of the tables of attribution. A conversion stores each change at once.</summary>
internal sealed class ConversionPass(JobTools tools, MirrorFields fields, ImmutableArray<MirrorSink> sinks)
{
    private const int PageConversions = 200;

    public static ImmutableArray<MirrorTable> Tables { get; } =
    [ConversionRows.Conversions, ConversionRows.Touches, ConversionRows.Credits];

    public async Task Run(JobPace pace, CancellationToken stop)
    {
        string after = "";
        ImmutableArray<ScannedState> page;
        do
        {
            page = await pace.Storage(
                tools.Scan.ReadPageAsync(GrainKeys.ConversionState, after, PageConversions, stop)
            );
            foreach (ScannedState state in page)
            {
                await Add(state);
                foreach (MirrorSink sink in sinks)
                {
                    await sink.Flush(isLast: false, stop);
                }

                await pace.Rest();
            }

            after = page.IsEmpty ? after : page[^1].Key;
        } while (page.Length == PageConversions);
    }

    private async Task Add(ScannedState state)
    {
        using var document = JsonDocument.Parse(state.Json);
        ConversionFile file = ConversionFileJson.Read(document.RootElement);
        HashSet<string> visible = new(StringComparer.Ordinal);
        foreach (string customerId in ConversionFileRules.CustomersOf(file).Where(one => one.Length > 0))
        {
            if (
                fields.IsSameForEverybody
                || (await fields.ViewOf(customerId) is { } view && fields.Of(view).Show(FieldSets.Activity))
            )
            {
                visible.Add(customerId);
            }
        }

        ConversionRows.Add(
            RowsOf(ConversionRows.Conversions),
            RowsOf(ConversionRows.Touches),
            RowsOf(ConversionRows.Credits),
            ConversionFileRules.VisibleTo(file, visible)
        );
    }

    private MirrorRows RowsOf(MirrorTable table) =>
        sinks.FirstOrDefault(sink => sink.Table == table)?.Rows ?? new MirrorRows(table);
}
