using Customer360.Rules.Warehouse;

namespace Customer360.Grains;

/// <summary>
/// Takes the rows of a table that is written as a whole, and writes them aside file by file; without a writer it only adds them up, to
/// compare the mirror with.
/// </summary>
internal sealed class MirrorSink(MirrorTable table, MirrorWriter? writer)
{
    private int _files;

    public MirrorTable Table => table;

    public MirrorRows Rows { get; private set; } = new(table);

    /// <summary>What all rows so far come to, apart from those that are still in memory.</summary>
    public MirrorSum Sum { get; private set; }

    /// <summary>Hands over what is in memory, where that is enough for a file or the last of it.</summary>
    public async Task Flush(bool isLast, CancellationToken stop)
    {
        bool isDue = isLast ? Rows.Count > 0 : Rows.Count >= MirrorPlan.RowsMax || Rows.Size >= MirrorPlan.SizeMax / 8;
        if (!isDue)
        {
            return;
        }

        if (writer is not null)
        {
            await writer.Write(Rows, _files++, stop);
        }

        Sum += Rows.Sum;
        Rows = new MirrorRows(table);
    }
}
