using System.Collections.Immutable;

namespace Customer360.Grains.Contracts;

/// <summary>Which messages in quarantine are meant: those that did not keep their contracts, and of these all that match.</summary>
/// <param name="Source">Of this source; null: of any.</param>
/// <param name="Contract">Of the contract with this title, or <c>*</c>: of events that nobody had planned; null: of any.</param>
/// <param name="Kind">With a violation of this kind; null: with any.</param>
[GenerateSerializer, Immutable, Alias("c360.RedriveFilter")]
public sealed record RedriveFilter(
    [property: Id(0)] string? Source,
    [property: Id(1)] string? Contract,
    [property: Id(2)] string? Kind
);

/// <param name="Positions">Rising.</param>
/// <param name="IsDryRun">Only says what would become of them.</param>
[GenerateSerializer, Immutable, Alias("c360.RedriveRequest")]
public sealed record RedriveRequest(
    [property: Id(0)] ImmutableArray<long> Positions,
    [property: Id(1)] RedriveFilter Filter,
    [property: Id(2)] bool IsDryRun
);

/// <param name="Matched">How many the filter means.</param>
/// <param name="Released">Of these: how many keep their contract by now.</param>
/// <param name="Gone">Of these: how many nobody may know any more. They leave the quarantine.</param>
/// <param name="Busy">Of these: how many stayed because the grid has too much to do; to be asked again.</param>
/// <param name="Violations">Of the others: what each still does not keep, its first violation.</param>
[GenerateSerializer, Immutable, Alias("c360.RedriveReply")]
public sealed record RedriveReply(
    [property: Id(0)] int Matched,
    [property: Id(1)] int Released,
    [property: Id(2)] int Gone,
    [property: Id(3)] int Busy,
    [property: Id(4)] ImmutableArray<RedriveViolation> Violations
);

/// <param name="Source">Whose messages.</param>
/// <param name="Place">What they still do not keep.</param>
/// <param name="Count">How many.</param>
[GenerateSerializer, Immutable, Alias("c360.RedriveViolation")]
public sealed record RedriveViolation(
    [property: Id(0)] string Source,
    [property: Id(1)] ViolationPlace Place,
    [property: Id(2)] long Count
);
