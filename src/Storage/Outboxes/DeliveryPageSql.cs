using Customer360.Rules.Ports;

namespace Customer360.Storage.Outboxes;

/// <summary>
/// The statement of one page of deliveries, for both databases. It is put together of constants: what is asked for are its parameters,
/// which have the same numbers in every statement.
/// </summary>
internal static class DeliveryPageSql
{
    public const int Destination = 1;
    public const int Outcome = 2;
    public const int Reason = 3;
    public const int Customer = 4;
    public const int From = 5;
    public const int To = 6;
    public const int AfterCustomer = 7;
    public const int AfterNumber = 8;
    public const int Limit = 9;
    public const int DoneBefore = 10;

    /// <summary>What a row of a page is made of.</summary>
    private const string DoneColumns =
        "id, effect_id, kind, subject, name, cause, at, other, detail, outcome, reason, status, tries, done_at, note";

    /// <param name="mark">What stands before the number of a parameter.</param>
    public static string Of(DeliveryQuery query, char mark) =>
        query.IsWaiting ? Waiting(query, mark) : Done(query, mark);

    /// <summary>Ids of what is done, the oldest first.</summary>
    public static string IdsOf(DeliveryQuery query, char mark) =>
        $"""
            select id from delivery as d
            where d.destination = {mark}{Destination}{DoneFilters(query, mark)}
            order by id
            limit {mark}{Limit}
            """;

    private static string Done(DeliveryQuery query, char mark) =>
        $"""
            select {DoneColumns} from delivery as d
            where d.destination = {mark}{Destination}{DoneFilters(query, mark)}{(
                query.After is null ? "" : $" and d.id < {mark}{AfterNumber}"
            )}
            order by id desc
            limit {mark}{Limit}
            """;

    private static string Waiting(DeliveryQuery query, char mark) =>
        $"""
            select d.sequence, d.effect_id, d.kind, d.subject, d.name, d.cause, d.at, d.other, d.detail, 0,
                coalesce(f.reason, ''), coalesce(f.status, 0), coalesce(f.tries, 0), s.due_at, null
            from outbox as d
            join outbox_subject as s on s.destination = d.destination and s.subject = d.subject
            left join outbox_subject as f on f.destination = d.destination and f.subject = d.subject and not exists (
                select 1 from outbox as e
                where e.destination = d.destination and e.subject = d.subject and e.sequence < d.sequence
            )
            where d.destination = {mark}{Destination}{Filters(query, mark)}{(
                query.After is null
                    ? ""
                    : $" and (d.subject, d.sequence) > ({mark}{AfterCustomer}, {mark}{AfterNumber})"
            )}
            order by d.subject, d.sequence
            limit {mark}{Limit}
            """;

    private static string DoneFilters(DeliveryQuery query, char mark) =>
        (query.Outcome is null ? "" : $" and d.outcome = {mark}{Outcome}")
        + (query.Reason is null ? "" : $" and d.reason = {mark}{Reason}")
        + (query.DoneBefore is null ? "" : $" and d.done_at < {mark}{DoneBefore}")
        + Filters(query, mark);

    private static string Filters(DeliveryQuery query, char mark) =>
        (query.CustomerId is null ? "" : $" and d.subject = {mark}{Customer}")
        + (query.From is null ? "" : $" and d.at >= {mark}{From}")
        + (query.To is null ? "" : $" and d.at < {mark}{To}");
}
