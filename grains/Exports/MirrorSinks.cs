using System.Collections.Immutable;
using Customer360.Rules.Warehouse;

namespace Customer360.Grains;

/// <summary>Goes through what some tables are made of, and makes their rows together.</summary>
internal interface IMirrorPass
{
    Task Run(JobPace pace, CancellationToken stop);
}

/// <summary>The tables of a pass that were asked for, and that the mirror's role sees.</summary>
internal sealed class MirrorSinks(ImmutableArray<MirrorSink> sinks)
{
    /// <summary>True where one of the tables is to be made.</summary>
    public bool Want(params ReadOnlySpan<MirrorTable> tables)
    {
        foreach (MirrorTable table in tables)
        {
            if (sinks.Any(sink => sink.Table == table))
            {
                return true;
            }
        }

        return false;
    }

    public MirrorRows RowsOf(MirrorTable table) =>
        // Rows of a table that nobody asked for go nowhere.
        sinks.FirstOrDefault(sink => sink.Table == table)?.Rows
        ?? new MirrorRows(table);

    /// <summary>Hands over what is enough for a file.</summary>
    public async Task Flush(CancellationToken stop)
    {
        foreach (MirrorSink sink in sinks)
        {
            await sink.Flush(isLast: false, stop);
        }
    }
}
