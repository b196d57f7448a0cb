using Customer360.Rules.Ports;

namespace Customer360.Storage.Leads;

/// <summary>
/// The statement of one page of leads, for both databases. It is put together of constants: what is asked for are its parameters,
/// which have the same numbers in every statement.
/// </summary>
/// <remarks>
/// A page is the first of up to four short walks along one index. One walk can't do it: an index holds open and closed leads apart,
/// and behind a place come the rest of its time and then the earlier times, which no single range of an index is.
/// </remarks>
internal static class LeadPageSql
{
    public const int Stage = 1;
    public const int Status = 2;
    public const int Owner = 3;
    public const int Queue = 4;
    public const int Customer = 5;
    public const int DueBy = 6;
    public const int CreatedFrom = 7;
    public const int AfterTime = 8;
    public const int AfterId = 9;
    public const int Limit = 10;

    private static readonly bool[] s_both = [true, false];

    /// <param name="query">What is asked for; its values do not get into the text.</param>
    /// <param name="mark">What stands before the number of a parameter.</param>
    /// <param name="table">The table, and behind it what makes the database take the index.</param>
    /// <param name="condition">A condition that makes it take the index, with <c>and</c> before it; or empty.</param>
    public static string Of(LeadQuery query, char mark, string table, string condition)
    {
        IEnumerable<string> walks =
            from isOpen in query.IsOpen is { } one ? [one] : s_both
            from place in PlacesOf(query, mark)
            select $"""
                select * from (
                    select lead_id, customer_id, stage, status, owner_id, queue, created_at, due_at, is_open
                    from {table}
                    where is_open = {(isOpen ? "true" : "false")}{condition}{FiltersOf(query, mark)}{place}
                    order by created_at desc, lead_id
                    limit {mark}{Limit}
                ) as walk
                """;
        return $"""
            select * from (
            {string.Join("\nunion all\n", walks)}
            ) as page
            order by created_at desc, lead_id
            limit {mark}{Limit}
            """;
    }

    /// <summary>
    /// The column whose index the statement is to take: <c>lead_by_</c> and its name. The databases would choose by chance: SQLite has
    /// no statistics, and PostgreSQL's plans do not know the values. What a person or a company has is less than what lies in a queue,
    /// few are overdue, and a status or stage may be that of most.
    /// </summary>
    public static string IndexedColumnOf(LeadQuery query) =>
        query switch
        {
            { CustomerId: not null } => "customer_id",
            { OwnerId: not null } => "owner_id",
            { Queue: not null } => "queue",
            { DueBy: not null } => "due_at",
            { Status: not null } => "status",
            { Stage: not null } => "stage",
            _ => "created_at",
        };

    private static string FiltersOf(LeadQuery query, char mark)
    {
        (bool IsAsked, string Sql, int Parameter)[] filters =
        [
            (query.Stage is not null, "stage =", Stage),
            (query.Status is not null, "status =", Status),
            (query.OwnerId is not null, "owner_id =", Owner),
            (query.Queue is not null, "queue =", Queue),
            (query.CustomerId is not null, "customer_id =", Customer),
            (query.DueBy is not null, "due_at <=", DueBy),
            (query.CreatedFrom is not null, "created_at >=", CreatedFrom),
        ];
        return string.Concat(
            filters.Where(filter => filter.IsAsked).Select(filter => $" and {filter.Sql} {mark}{filter.Parameter}")
        );
    }

    private static string[] PlacesOf(LeadQuery query, char mark) =>
        query.After is null
            ? [""]
            :
            [
                $" and created_at = {mark}{AfterTime} and lead_id > {mark}{AfterId}",
                $" and created_at < {mark}{AfterTime}",
            ];
}
