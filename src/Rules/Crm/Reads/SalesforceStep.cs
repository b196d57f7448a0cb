using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Crm.Salesforce;
using Customer360.Rules.Crm.Sources;

namespace Customer360.Rules.Crm.Reads;

/// <summary>Reads records of Salesforce: by their ids, or a page of all that changed.</summary>
internal sealed record SalesforceStep : ReadStep
{
    /// <summary>A transaction may last ten minutes, and its records have times from within it.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromMinutes(15);

    private readonly CrmFieldNames _names;
    private readonly string _kind;

    /// <summary>By their ids; empty where a page is read.</summary>
    private readonly ImmutableDictionary<string, ReadRequest> _requests = ImmutableDictionary<
        string,
        ReadRequest
    >.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Requests whose id is none: nothing can answer them.</summary>
    private readonly ImmutableArray<ReadRequest> _damaged = [];

    /// <summary>Of a page.</summary>
    private readonly ReadCursor? _cursor;

    /// <summary>Reads records by their ids, which are of one kind.</summary>
    /// <param name="readable">The fields that the token may read.</param>
    public SalesforceStep(WebhookSource source, ImmutableArray<ReadRequest> requests, ImmutableHashSet<string> readable)
    {
        _names = source.Salesforce.Names;
        _kind = requests[0].Object;
        var known = ImmutableDictionary.CreateBuilder<string, ReadRequest>(StringComparer.Ordinal);
        foreach (ReadRequest request in requests)
        {
            if (!SalesforceId.TryNormalize(request.Id, out string? id))
            {
                _damaged = _damaged.Add(request);
            }
            else
            {
                known[id] = request;
            }
        }

        _requests = known.ToImmutable();
        Call = _requests.IsEmpty
            ? null
            : SalesforceCalls.ByIds(
                _kind,
                _requests.Keys.Order(StringComparer.Ordinal),
                SalesforceCalls.FieldsOf(_kind, _names.Own, readable)
            );
        Report = Report with { Finished = _damaged };
    }

    /// <summary>Reads a page of all records of a kind that changed, deleted and merged ones among them.</summary>
    public SalesforceStep(WebhookSource source, ReadCursor cursor, ImmutableHashSet<string> readable)
    {
        _names = source.Salesforce.Names;
        _kind = cursor.Of.Object;
        _cursor = cursor;
        Call =
            (cursor.Next is null ? null : SalesforceCalls.Page(cursor.Next))
            ?? SalesforceCalls.Since(
                _kind,
                cursor.Of.At - s_margin,
                SalesforceCalls.FieldsOf(_kind, _names.Own, readable)
            );
    }

    /// <summary>True of kinds that are read.</summary>
    public static bool IsRead(string kind) => SalesforceRecord.IsUsed(kind);

    protected override ReadFailure? FailureOf(CrmAnswer answer) => SalesforceFailures.Of(answer);

    protected override ReadStep Take(JsonElement answer, CrmAnswer whole)
    {
        if (CrmJson.Member(answer, "records") is not { ValueKind: JsonValueKind.Array } records)
        {
            return Failed(new ReadFailure(ReadFault.AnswerUnreadable));
        }

        var findings = ImmutableArray.CreateBuilder<ReadFinding>();
        var more = ImmutableArray.CreateBuilder<ReadRequest>();
        foreach (JsonElement json in records.EnumerateArray())
        {
            if (SalesforceObject.Read(_kind, json) is not { } record)
            {
                return Failed(new ReadFailure(ReadFault.AnswerUnreadable));
            }

            ReadRequest? request = _requests.GetValueOrDefault(record.Id);
            if (request is null && _cursor is null)
            {
                // Nobody has asked for it.
                continue;
            }

            WebhookTaken taken = SalesforceMessages.Of(record, _names, request?.Reason);
            findings.Add(new ReadFinding(request, taken.Messages));
            more.AddRange(taken.Reads);
        }

        SalesforceStep next = this with
        {
            Findings = Findings.AddRange(findings),
            Report = Report with { More = Report.More.AddRange(more) },
        };
        CrmCall? page = null;
        if (!CrmJson.IsTrue(answer, "done"))
        {
            page = CrmJson.Text(answer, "nextRecordsUrl") is { } locator ? SalesforceCalls.Page(locator) : null;
            if (page is null)
            {
                return Failed(new ReadFailure(ReadFault.AnswerUnreadable));
            }
        }

        return _cursor is null ? next.EndedOrMore(page) : next.EndedPage(page);
    }

    protected override ReadStep Broken(ReadFailure? failure)
    {
        if (_cursor is not null)
        {
            // Salesforce forgets a query after a while: then it begins anew, and what comes again is recognised.
            ReadCursor? anew = failure?.Code == SalesforceFailures.LocatorInvalid ? _cursor with { Next = null } : null;
            return this with { Call = null, Report = Report with { Later = [_cursor.Of], Cursor = anew } };
        }

        ImmutableArray<ReadRequest> finished = [.. Findings.Select(finding => finding.Request).OfType<ReadRequest>()];
        return this with
        {
            Call = null,
            Report = Report with
            {
                Finished = [.. _damaged, .. finished],
                Later = [.. _requests.Values.Except(finished)],
            },
        };
    }

    /// <summary>What the last page of an answer does not have is not there any more: Salesforce forgets deleted records after a while.</summary>
    private SalesforceStep EndedOrMore(CrmCall? page)
    {
        if (page is not null)
        {
            return this with { Call = page };
        }

        ImmutableArray<ReadFinding> gone =
        [
            .. _requests
                .Values.Except(Findings.Select(finding => finding.Request).OfType<ReadRequest>())
                .Select(request => new ReadFinding(request, [])),
        ];
        return (SalesforceStep)(this with { Findings = Findings.AddRange(gone) }).Broken(failure: null);
    }

    private SalesforceStep EndedPage(CrmCall? page) =>
        this with
        {
            Call = null,
            Report = page is null
                ? Report with
                {
                    Finished = [_cursor!.Of],
                }
                : Report with
                {
                    Cursor = _cursor! with { Next = page.Path },
                },
        };
}
