using System.Collections.Immutable;
using Customer360.Grains.Contracts;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Grains;

/// <inheritdoc cref="IMastershipGrain"/>
[GrainType("mastership")]
public sealed class MastershipGrain(
    [PersistentState(GrainKeys.MastershipState, GrainKeys.Storage)] IPersistentState<MastershipState> stored,
    TimeProvider time
) : Grain, IMastershipGrain
{
    private MastershipState State => stored.State;

    private MastershipRevision Current => LiveHistory.Last(State.Revisions) ?? MastershipRevision.BuiltIn;

    public Task<MastershipRevision> GetCurrent() => Task.FromResult(Current);

    public Task<MastershipRevision?> GetIfNewer(long knownRevision) =>
        Task.FromResult(Current.Revision == knownRevision ? null : Current);

    public Task<MastershipHistory> GetHistory() =>
        Task.FromResult(new MastershipHistory([.. State.Revisions.Reverse()]));

    public async Task<MastershipRevision> Put(MastershipPut put)
    {
        bool isKnownFile = put.IsFile && State.FileVersion == put.Policy.Version;
        bool isCurrent = Current.Policy.Version == put.Policy.Version && Current.Yaml == put.Yaml;
        if (isKnownFile || (isCurrent && !put.IsFile))
        {
            return Current;
        }

        await Save(
            isCurrent
                ? State.Revisions
                : With(put.Policy, put.Yaml, put.IsFile ? "file" : "put", put.By, rollbackTo: null),
            put.IsFile ? put.Policy.Version : State.FileVersion
        );
        return Current;
    }

    public async Task<MastershipRevision?> Rollback(MastershipRollback rollback)
    {
        MastershipRevision? wanted =
            rollback.Revision == 0
                ? MastershipRevision.BuiltIn
                : State.Revisions.FirstOrDefault(one => one.Revision == rollback.Revision);
        if (wanted is null || (wanted.Policy.Version == Current.Policy.Version && wanted.Yaml == Current.Yaml))
        {
            return wanted is null ? null : Current;
        }

        await Save(With(wanted.Policy, wanted.Yaml, "rollback", rollback.By, wanted.Revision), State.FileVersion);
        return Current;
    }

    private ImmutableArray<MastershipRevision> With(
        MastershipPolicy policy,
        string yaml,
        string action,
        string by,
        long? rollbackTo
    )
    {
        var revision = new MastershipRevision(
            Current.Revision + 1,
            action,
            by,
            time.GetUtcNow(),
            policy,
            yaml,
            rollbackTo
        );
        return LiveHistory.With(
            State.Revisions,
            revision,
            MastershipState.RevisionCountMax,
            static one => one.Yaml.Length,
            MastershipState.CharactersMax
        );
    }

    private async Task Save(ImmutableArray<MastershipRevision> revisions, string? fileVersion)
    {
        (ImmutableArray<MastershipRevision>, string?) before = (State.Revisions, State.FileVersion);
        (State.Revisions, State.FileVersion) = (revisions, fileVersion);
        await LiveHistory.Save(stored, () => (State.Revisions, State.FileVersion) = before, this);
    }
}
