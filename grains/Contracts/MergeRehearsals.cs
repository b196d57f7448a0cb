using Customer360.Rules.Profiles;

namespace Customer360.Grains.Contracts;

/// <summary>What a merge would make of two customers. Nothing is written.</summary>
/// <param name="MovedTo">The customer to ask instead, or null.</param>
/// <param name="Refused">The code of what stands against it; null: nothing does.</param>
/// <param name="Because">Which separation or limit, or the sentence that says it; null: nothing stands against it.</param>
/// <param name="Merged">The older customer as it would be, also where the merge would be refused; null: there is no such customer.</param>
[GenerateSerializer, Immutable, Alias("c360.MergeRehearsal")]
public sealed record MergeRehearsal(
    [property: Id(0)] string? MovedTo,
    [property: Id(1)] string? Refused,
    [property: Id(2)] string? Because,
    [property: Id(3)] ProfileView? Merged
);
