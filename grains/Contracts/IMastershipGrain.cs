using System.Collections.Immutable;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Grains.Contracts;

/// <summary>The mastership policy of the grid, with its history. Key: <see cref="GrainKeys.Current"/>.</summary>
/// <remarks>
/// No method is read-only, so none interleaves with a write: nobody is told of a revision that is not stored.
/// </remarks>
[Alias("c360.IMastershipGrain")]
public interface IMastershipGrain : IGrainWithStringKey
{
    /// <summary>The revision that counts; number 0, the built-in policy, where none was ever taken.</summary>
    [Alias("GetCurrent")]
    Task<MastershipRevision> GetCurrent();

    /// <summary>The revision that counts, or null where it is the one that the caller knows: what nodes poll.</summary>
    [Alias("GetIfNewer")]
    Task<MastershipRevision?> GetIfNewer(long knownRevision);

    /// <summary>What was taken, newest first, the current one among it.</summary>
    [Alias("GetHistory")]
    Task<MastershipHistory> GetHistory();

    /// <summary>
    /// Takes a policy. Idempotent: the text that counts already makes no new revision. One that comes from a file is taken
    /// only when the file's policy differs from the file's last one, so a start never undoes what was put since.
    /// </summary>
    [Alias("Put")]
    Task<MastershipRevision> Put(MastershipPut put);

    /// <summary>
    /// Makes the policy of an earlier revision count again, as a new revision; number 0 is the built-in policy. Null where
    /// there is no such revision (any more). Idempotent.
    /// </summary>
    [Alias("Rollback")]
    Task<MastershipRevision?> Rollback(MastershipRollback rollback);
}

/// <param name="Yaml">The text that the policy was read from, comments and all.</param>
/// <param name="By">The name of the key, or of the file, that brings it.</param>
/// <param name="IsFile">It was found in the node's file at a start.</param>
[GenerateSerializer, Immutable, Alias("c360.MastershipPut")]
public sealed record MastershipPut(
    [property: Id(0)] MastershipPolicy Policy,
    [property: Id(1)] string Yaml,
    [property: Id(2)] string By,
    [property: Id(3)] bool IsFile
);

/// <param name="Revision">The revision whose policy is wanted.</param>
/// <param name="By">The name of the key that asks for it.</param>
[GenerateSerializer, Immutable, Alias("c360.MastershipRollback")]
public sealed record MastershipRollback([property: Id(0)] long Revision, [property: Id(1)] string By);

/// <summary>A policy, and how it came to count.</summary>
/// <param name="Revision">Rises by one with every change; 0: the built-in policy.</param>
/// <param name="Action"><c>default</c>, <c>put</c>, <c>file</c> or <c>rollback</c>.</param>
/// <param name="By">Who; empty for the built-in policy.</param>
/// <param name="At">When it was taken; the smallest time for the built-in policy.</param>
/// <param name="Yaml">The text that it was read from.</param>
/// <param name="RollbackTo">The revision whose policy it repeats; null where it is no rollback.</param>
[GenerateSerializer, Immutable, Alias("c360.MastershipRevision")]
public sealed record MastershipRevision(
    [property: Id(0)] long Revision,
    [property: Id(1)] string Action,
    [property: Id(2)] string By,
    [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] MastershipPolicy Policy,
    [property: Id(5)] string Yaml,
    [property: Id(6)] long? RollbackTo
)
{
    /// <summary>What counts where nobody has taken anything: <see cref="MastershipPolicy.Latest"/>.</summary>
    public static MastershipRevision BuiltIn { get; } =
        new(0, "default", "", DateTimeOffset.MinValue, MastershipPolicy.Latest, "default:\n  strategy: latest\n", null);
}

/// <param name="Revisions">Newest first.</param>
[GenerateSerializer, Immutable, Alias("c360.MastershipHistory")]
public sealed record MastershipHistory([property: Id(0)] ImmutableArray<MastershipRevision> Revisions);
