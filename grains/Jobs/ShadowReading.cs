using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// Decides the whole log under some rules and sets beside it who owns what now. Reads only. A graph of a million identifiers is
/// made again sooner than it could be kept.
/// </summary>
/// <remarks>
/// While traffic goes on the two sides are not of the same moment: what comes in meanwhile may show as a difference or not. An
/// identifier that the log did not have yet is left out.
/// </remarks>
internal sealed class ShadowReading(JobTools tools, IdentityRules rules, JobPace pace, CancellationToken stop)
{
    private const int CustomersPage = 500;
    private const int IdentifiersPage = 1_000;

    // How far it is when a part of it ends, by what each took of the whole when it was measured.
    private const double SeparationsEnd = 10;
    private const double LogEnd = 70;

    private readonly EnvelopeReader _reader = new(rules, tools.Phones);
    private readonly List<Identifier> _toQuarantine = [];
    private readonly List<Identifier> _toRelease = [];

    /// <summary>What the log comes to; set by <see cref="Read"/>, as the others are.</summary>
    public ShadowGraph Shadow { get; private set; } = null!;

    public LoggedMessages Log { get; private set; } = null!;

    public GraphComparison Comparison { get; private set; } = null!;

    /// <summary>Identifiers that would be quarantined and are not.</summary>
    public IReadOnlyList<Identifier> ToQuarantine => _toQuarantine;

    /// <summary>Identifiers that are quarantined, and came with no more anchors than these rules allow.</summary>
    public IReadOnlyList<Identifier> ToRelease => _toRelease;

    /// <summary>Reads all; false where the grid is too large for it.</summary>
    /// <param name="progress">Told how far it is, 0 to 100.</param>
    public async Task<bool> Read(JobProgress progress)
    {
        ImmutableArray<long> heads = await tools.ReadHeads(stop);
        Shadow = new ShadowGraph(rules, await FindSeparations());
        await progress(SeparationsEnd);
        Log = new LoggedMessages(tools, rules, Shadow, heads, pace, stop);
        bool isWhole = await Log.ReadAll(
            tools.Options.DryRunIdentifiersMax,
            () => progress(SeparationsEnd + ((LogEnd - SeparationsEnd) * Log.Count / Math.Max(1, Log.Total)))
        );
        if (isWhole)
        {
            Comparison = new GraphComparison(Shadow);
            await AddLive(progress);
        }

        return isWhole;
    }

    /// <summary>An identifier in the normal form of the rules; null where it would be none.</summary>
    public Identifier? Normalize(Identifier identifier) => _reader.Normalize(identifier.Type, identifier.Value);

    /// <summary>The message that stands there.</summary>
    public async Task<LogRow> MessageAt(LogPlace place)
    {
        ImmutableArray<LogRow> rows = await pace.Storage(
            tools.Log.ReadPartitionAsync(place.Partition, place.Position - 1, 1, stop)
        );
        return rows[0];
    }

    /// <summary>The separations that customers keep. Few have any, so a state is only read where the word is in it.</summary>
    private async Task<List<Separation>> FindSeparations()
    {
        var found = new Dictionary<string, Separation>(StringComparer.Ordinal);
        await foreach (ScannedState state in Scan(GrainKeys.CustomerState, CustomersPage))
        {
            if (state.Json.Span.IndexOf("\"separations\""u8) >= 0)
            {
                foreach (Separation separation in CustomerStateCodec.Decode(state.Json).Separations)
                {
                    found[separation.Id] = separation with
                    {
                        One = Normalize(separation.One),
                        Other = Normalize(separation.Other),
                    };
                }
            }
        }

        return [.. found.Values];
    }

    private async Task AddLive(JobProgress progress)
    {
        int expected = Math.Max(1, Shadow.IdentifierCount);
        int count = 0;
        await foreach (ScannedState state in Scan(GrainKeys.IdentifierState, IdentifiersPage))
        {
            AddLive(Identifier.Parse(state.Key), IdentifierStateCodec.Read(state.Json));
            if (++count % IdentifiersPage == 0)
            {
                await progress(LogEnd + ((100 - LogEnd) * Math.Min(1, (double)count / expected)));
            }
        }
    }

    private void AddLive(Identifier identifier, IdentifierState state)
    {
        Identifier? underRules = Normalize(identifier);
        int place =
            state.Owner is { } owner ? Comparison.AddLive(underRules, owner)
            : underRules is { } one ? Shadow.Find(one)
            : -1;
        if (place < 0)
        {
            return;
        }

        bool isQuarantined = Shadow.IsQuarantined(place);
        int? degreeMax = rules.Find(identifier.Type)?.QuarantineDegree;
        if (isQuarantined && state is { Quarantine: null, IsReleased: false })
        {
            _toQuarantine.Add(identifier);
        }
        else if (
            !isQuarantined
            && state.Quarantine is { } quarantine
            && (degreeMax ?? int.MaxValue) >= quarantine.Degree
        )
        {
            _toRelease.Add(identifier);
        }
    }

    private async IAsyncEnumerable<ScannedState> Scan(
        string kind,
        int page,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        string after = "";
        ImmutableArray<ScannedState> states;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            states = await pace.Storage(tools.Scan.ReadPageAsync(kind, after, page, stop));
            foreach (ScannedState state in states)
            {
                yield return state;
                after = state.Key;
            }

            await pace.Rest();
        } while (states.Length == page);
    }

    private ImmutableArray<Identifier> Normalize(ImmutableArray<Identifier> identifiers) =>
        [.. identifiers.Select(Normalize).OfType<Identifier>()];
}
