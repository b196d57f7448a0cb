using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Warehouse;

namespace Customer360.Grains;

/// <summary>The tables that are made as a whole: which the mirror's role may see, and the pass that makes some of them together.</summary>
internal sealed class Snapshots(JobTools tools, ExportTools mirror, AccessRight right, ExportOrder order)
{
    private readonly MirrorFields _fields = new(tools.Grains, right, tools.Time);

    /// <summary>Of those that were asked for.</summary>
    public ImmutableArray<MirrorTable> Seen { get; } =
    [.. MirrorTables.All.Where(table => !table.IsByDay && order.Names(table.Name) && IsSeen(table, mirror, right))];

    /// <summary>Of those that were asked for.</summary>
    public ImmutableArray<MirrorTable> NotSeen { get; } =
    [.. MirrorTables.All.Where(table => !table.IsByDay && order.Names(table.Name) && !IsSeen(table, mirror, right))];

    /// <summary>Makes all rows; each pass writes its tables when it has all of them.</summary>
    /// <param name="writer">Null: the rows are only added up.</param>
    /// <param name="made">Called with what a pass has made.</param>
    public async Task Run(
        MirrorWriter? writer,
        Func<ImmutableArray<MirrorSink>, Task> made,
        JobPace pace,
        CancellationToken stop
    )
    {
        ImmutableArray<MirrorSink> people = SinksOf(PersonPass.Tables, writer);
        if (!people.IsEmpty)
        {
            await new PersonPass(tools, mirror, _fields, people).Run(pace, stop);
            await End(people, made, stop);
        }

        ImmutableArray<MirrorSink> conversions = SinksOf(ConversionPass.Tables, writer);
        if (!conversions.IsEmpty)
        {
            await new ConversionPass(tools, _fields, conversions).Run(pace, stop);
            await End(conversions, made, stop);
        }
    }

    private ImmutableArray<MirrorSink> SinksOf(ImmutableArray<MirrorTable> tables, MirrorWriter? writer) =>
        [.. tables.Where(Seen.Contains).Select(table => new MirrorSink(table, writer))];

    private static async Task End(
        ImmutableArray<MirrorSink> sinks,
        Func<ImmutableArray<MirrorSink>, Task> made,
        CancellationToken stop
    )
    {
        foreach (MirrorSink sink in sinks)
        {
            await sink.Flush(isLast: true, stop);
        }

        await made(sinks);
    }

    private static bool IsSeen(MirrorTable table, ExportTools mirror, AccessRight right) =>
        IdentityTables.Contains(table) ? right.Fields.Show(FieldSets.Explain)
        : ConversionPass.Tables.Contains(table)
            ? mirror.MayDo(RoleTasks.Attribution) && right.Fields.Show(FieldSets.Activity)
        : right.Fields.HaveAnyOf(FieldSets.Profile);

    private static ImmutableArray<MirrorTable> IdentityTables { get; } = [IdentityRows.Graph, IdentityRows.Moves];
}
