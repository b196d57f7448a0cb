using System.Collections.Immutable;
using Customer360.Grains.Contracts;

namespace Customer360.Grains;

/// <inheritdoc cref="IIdentityRulesGrain"/>
[GrainType("identity-rules")]
public sealed class IdentityRulesGrain(
    [PersistentState(GrainKeys.IdentityRulesState, GrainKeys.Storage)] IPersistentState<IdentityRulesState> stored,
    IIdentityRulesFile file,
    TimeProvider time
) : Grain, IIdentityRulesGrain
{
    /// <summary>Entries of the history at most; the oldest go first.</summary>
    public const int VersionsMax = 1_000;

    /// <summary>Characters of the history's files at most: they are one state, written with every change.</summary>
    public const int CharactersMax = 4 * 1024 * 1024;

    private ImmutableArray<IdentityRulesVersion> Versions => stored.State.Versions;

    private IdentityRulesVersion? Current => LiveHistory.Last(Versions);

    public Task<long> GetNumber() => Task.FromResult(Current?.Number ?? 0);

    public Task<long> GetAnchorsSince() => Task.FromResult(Current?.AnchorsSince ?? 0);

    public Task<IdentityRulesVersion?> GetCurrent() => Task.FromResult(Current);

    public Task<IdentityRulesVersion?> Find(string version) =>
        Task.FromResult(Versions.LastOrDefault(one => one.Version == version));

    public Task<IdentityRulesHistory> GetHistory(IdentityRulesHistoryQuery query)
    {
        ImmutableArray<IdentityRulesVersion> found =
        [
            .. Versions
                .Reverse()
                .Where(one => query.BeforeNumber is not { } before || one.Number < before)
                .Take(query.Limit + 1),
        ];
        return Task.FromResult(
            new IdentityRulesHistory(
                [.. found.Take(query.Limit).Select(one => one with { Yaml = "" })],
                found.Length > query.Limit
            )
        );
    }

    public async Task<IdentityRulesReply> Put(IdentityRulesChange change)
    {
        string inForce = Current?.Version ?? change.BuiltIn;
        // Before the condition: a change whose answer was lost is sent again, and is in force by then.
        bool isDone = Current is { } current && current.Version == change.Version && current.Yaml == change.Yaml;
        bool wasSeen = change.Origin == IdentityRulesOrigin.File && Versions.Any(one => one.Version == change.Version);
        if (isDone || wasSeen)
        {
            return new IdentityRulesReply(Current, IsRefused: false);
        }

        if (!change.IfCurrent.IsEmpty && !change.IfCurrent.Contains(inForce, StringComparer.Ordinal))
        {
            return new IdentityRulesReply(Current, IsRefused: true);
        }

        long number = (Current?.Number ?? 0) + 1;
        await Add(
            new IdentityRulesVersion(
                number,
                change.Version,
                change.Yaml,
                time.GetUtcNow(),
                change.By,
                change.Origin,
                HasSameAnchors(change.Yaml) ? Current?.AnchorsSince ?? 0 : number
            )
        );
        return new IdentityRulesReply(Current, IsRefused: false);
    }

    /// <summary>False also where this node can't read one of the two: then nobody knows.</summary>
    private bool HasSameAnchors(string yaml) =>
        file.Read(Current?.Yaml ?? file.BuiltIn).Rules is { } before
        && file.Read(yaml).Rules is { } next
        && next.AnchorsAs(before);

    private async Task Add(IdentityRulesVersion version)
    {
        ImmutableArray<IdentityRulesVersion> before = Versions;
        stored.State.Versions = LiveHistory.With(
            before,
            version,
            VersionsMax,
            static one => one.Yaml.Length,
            CharactersMax
        );
        await LiveHistory.Save(stored, () => stored.State.Versions = before, this);
    }
}
