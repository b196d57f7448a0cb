namespace Customer360.Storage.Postgres;

/// <summary>A silo as the database's table of members shows it.</summary>
/// <param name="Cluster">The name of its cluster.</param>
/// <param name="Address">Its IP address.</param>
/// <param name="Port">Where silos reach it.</param>
/// <param name="Generation">Tells the lives of silos at this address apart: each start has a higher one.</param>
/// <param name="Name">The name that it gave itself.</param>
/// <param name="IsActive">True: it serves. False: it joins or stops.</param>
/// <param name="AliveAt">When it last said that it lives, by its own clock.</param>
/// <param name="Silence">How long ago that was, by the database's clock.</param>
public sealed record MemberRow(
    string Cluster,
    string Address,
    int Port,
    int Generation,
    string Name,
    bool IsActive,
    DateTime AliveAt,
    TimeSpan Silence
)
{
    /// <summary>For example <c>10.0.0.7:11111</c>.</summary>
    public string Place => FormattableString.Invariant($"{Address}:{Port}");
}
