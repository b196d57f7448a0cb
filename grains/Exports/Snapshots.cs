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
    [
        .. MirrorTables.All.Where(table =>
            !table.IsByDay && order.Names(table.Name) && MirrorRights.IsSeen(table, mirror, right)
        ),
    ];

    /// <summary>Of those that were asked for.</summary>
    public ImmutableArray<MirrorTable> NotSeen { get; } =
    [
        .. MirrorTables.All.Where(table =>
            !table.IsByDay && order.Names(table.Name) && !MirrorRights.IsSeen(table, mirror, right)
        ),
    ];

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
        foreach ((ImmutableArray<MirrorTable> tables, Func<MirrorSinks, IMirrorPass> passOf) in Passes())
        {
            ImmutableArray<MirrorSink> sinks =
            [
                .. tables.Where(Seen.Contains).Select(table => new MirrorSink(table, writer)),
            ];
            if (!sinks.IsEmpty)
            {
                await passOf(new MirrorSinks(sinks)).Run(pace, stop);
                await End(sinks, made, stop);
            }
        }
    }

    private IEnumerable<(ImmutableArray<MirrorTable> Tables, Func<MirrorSinks, IMirrorPass> PassOf)> Passes() =>
        [
            (PersonPass.Tables, sinks => new PersonPass(tools, mirror, _fields, sinks)),
            (ConversionPass.Tables, sinks => new ConversionPass(tools, _fields, sinks)),
            (AccountPass.Tables, sinks => new AccountPass(tools, mirror, right, sinks)),
            (LeadPass.Tables, sinks => new LeadPass(tools, mirror, _fields, sinks)),
            (DeliveryPass.Tables, sinks => new DeliveryPass(mirror, _fields, sinks)),
            (PolicyPass.Tables, sinks => new PolicyPass(tools, mirror, sinks)),
        ];

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
}
