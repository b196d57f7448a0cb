using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Crm.HubSpot;

namespace Customer360.Rules.Crm.Reads;

/// <summary>
/// Reads records of HubSpot: by their ids, or a page of all that changed. Of those that it does not have live it asks for the
/// archived ones, and of the rest one by one: the id of a record that was merged leads to its survivor only there.
/// </summary>
internal sealed record HubSpotStep : ReadStep
{
    private const string NotFound = "OBJECT_NOT_FOUND";
    private const int PartiesMax = 100;

    /// <summary>Changes are stamped before they can be found.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromMinutes(10);

    private readonly HubSpotSource _source;
    private readonly CrmKnowledge _knowledge;
    private readonly string _noun;
    private readonly string _account;
    private readonly ImmutableArray<string> _properties;

    /// <summary>By their ids; empty where a page is read.</summary>
    private readonly ImmutableArray<ReadRequest> _requests = [];

    /// <summary>Of a page.</summary>
    private readonly ReadCursor? _cursor;

    private HubSpotStep(HubSpotSource source, CrmKnowledge knowledge, ReadRequest first)
    {
        _source = source;
        _knowledge = knowledge;
        _noun = first.Object;
        _account = first.Account!;
        _properties = HubSpotCalls.PropertiesOf(_noun, source.Names.Own);
    }

    /// <summary>Reads records by their ids, which are of one kind and account.</summary>
    public HubSpotStep(HubSpotSource source, ImmutableArray<ReadRequest> requests, CrmKnowledge knowledge)
        : this(source, knowledge, requests[0])
    {
        _requests = requests;
        Stage = Stages.Live;
        Missing = requests;
        Call = HubSpotCalls.Batch(_noun, requests.Select(read => read.Id!), _properties, isArchived: false);
    }

    /// <summary>Reads a page of all records of a kind.</summary>
    public HubSpotStep(HubSpotSource source, ReadCursor cursor, CrmKnowledge knowledge)
        : this(source, knowledge, cursor.Of)
    {
        _cursor = cursor;
        Stage = Stages.Page;
        Call = HubSpotCalls.Since(_noun, cursor.Of.At - s_margin, cursor.Next, _properties);
    }

    private enum Stages
    {
        Page,
        Live,
        Archived,
        Single,
        Contacts,
        Companies,
    }

    private Stages Stage { get; init; }

    /// <summary>Requests of which nothing is known yet, in their order.</summary>
    private ImmutableArray<ReadRequest> Missing { get; init; } = [];

    /// <summary>Requests that HubSpot refused: nothing is known of their records.</summary>
    private ImmutableArray<ReadRequest> Refused { get; init; } = [];

    /// <summary>Deals whose parties are still to be asked for.</summary>
    private ImmutableArray<Found> Deals { get; init; } = [];

    private ImmutableDictionary<string, ImmutableArray<string>> Contacts { get; init; } =
        ImmutableDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>Of a page: where the next one begins; null: it is the last.</summary>
    private string? NextPage { get; init; }

    /// <summary>True of kinds that are read.</summary>
    public static bool IsRead(string noun) => HubSpotCalls.TypeOf(noun) is not null;

    protected override ReadFailure? FailureOf(CrmAnswer answer) =>
        Stage == Stages.Single && answer.Status == 404 ? null : HubSpotFailures.Of(answer, _knowledge.UtcOffset);

    protected override ReadStep Take(JsonElement answer, CrmAnswer whole) =>
        Stage switch
        {
            Stages.Single => TakeSingle(answer, whole.Status),
            Stages.Contacts or Stages.Companies => TakeParties(answer),
            _ => TakeRecords(answer),
        };

    protected override ReadStep Broken(ReadFailure? failure)
    {
        ImmutableArray<ReadRequest> finished = [.. Findings.Select(finding => finding.Request).OfType<ReadRequest>()];
        // A page counts as a whole only.
        ImmutableArray<ReadRequest> later = _cursor is null ? _requests.RemoveRange(finished) : [_cursor.Of];
        return this with { Call = null, Report = Report with { Finished = finished, Later = later } };
    }

    private ReadStep TakeRecords(JsonElement answer)
    {
        if (CrmJson.Member(answer, "results") is not { ValueKind: JsonValueKind.Array } results)
        {
            return Failed(new ReadFailure(ReadFault.AnswerUnreadable));
        }

        HubSpotStep next = this;
        string? last = null;
        foreach (JsonElement json in results.EnumerateArray())
        {
            if (HubSpotObject.Read(json) is not { } record)
            {
                return Failed(new ReadFailure(ReadFault.AnswerUnreadable));
            }

            last = record.Id;
            next = next.WithRecord(record);
        }

        if (Stage == Stages.Page)
        {
            bool isMore =
                last is not null
                && CrmJson.Member(answer, "paging") is { } paging
                && CrmJson.Member(paging, "next") is { ValueKind: JsonValueKind.Object };
            return (next with { NextPage = isMore ? last : null }).AskForParties();
        }

        // Which ids are not found HubSpot says by category; whatever else it has against one is no reason to take the record for gone.
        ImmutableHashSet<string> refused = RefusedIn(answer, out string? code);
        ImmutableArray<ReadRequest> left = [.. next.Missing.Where(read => refused.Contains(read.Id!))];
        next = next with { Missing = next.Missing.RemoveRange(left), Refused = next.Refused.AddRange(left) };
        if (!left.IsEmpty)
        {
            next = next with
            {
                Report = next.Report with { Failure = new ReadFailure(ReadFault.RequestRefused) { Code = code } },
            };
        }

        return next.Missing.IsEmpty ? next.AskForParties()
            : Stage == Stages.Live
                ? next with
                {
                    Stage = Stages.Archived,
                    Call = HubSpotCalls.Batch(
                        _noun,
                        next.Missing.Select(read => read.Id!),
                        _properties,
                        isArchived: true
                    ),
                }
            : next.AskForNextSingle();
    }

    private HubSpotStep TakeSingle(JsonElement answer, int status)
    {
        ReadRequest asked = Missing[0];
        if (status == 404)
        {
            // A page that is no API's would say 404, too: it has to be HubSpot's word.
            return CrmJson.Text(answer, "status") == "error"
                ? (
                    this with
                    {
                        Missing = Missing.RemoveAt(0),
                        Findings = Findings.Add(new ReadFinding(asked, [])),
                    }
                ).AskForNextSingle()
                : (HubSpotStep)Failed(new ReadFailure(ReadFault.Unavailable));
        }

        return HubSpotObject.Read(answer) is { } record
            ? (this with { Missing = Missing.RemoveAt(0) }).With(asked, record).AskForNextSingle()
            : (HubSpotStep)Failed(new ReadFailure(ReadFault.AnswerUnreadable));
    }

    private HubSpotStep TakeParties(JsonElement answer)
    {
        var parties = ImmutableDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        if (CrmJson.Member(answer, "results") is { ValueKind: JsonValueKind.Array } results)
        {
            foreach (JsonElement result in results.EnumerateArray())
            {
                if (CrmJson.Member(result, "from") is { } from && CrmJson.Digits(from, "id") is { } deal)
                {
                    parties[deal] = [.. PartiesIn(result).Distinct(StringComparer.Ordinal).Take(PartiesMax)];
                }
            }
        }

        if (Stage == Stages.Contacts)
        {
            return this with
            {
                Stage = Stages.Companies,
                Contacts = parties.ToImmutable(),
                Call = HubSpotCalls.Associations(HubSpotEvent.Company, Deals.Select(deal => deal.Record.Id)),
            };
        }

        ImmutableArray<ReadFinding> findings =
        [
            .. Deals.Select(deal =>
                ToFinding(
                    deal,
                    new HubSpotParties(
                        Contacts.GetValueOrDefault(deal.Record.Id, []),
                        parties.GetValueOrDefault(deal.Record.Id, [])
                    )
                )
            ),
        ];
        return (this with { Findings = Findings.AddRange(findings), Deals = [] }).Ended();
    }

    private static IEnumerable<string> PartiesIn(JsonElement result) =>
        CrmJson.Member(result, "to") is { ValueKind: JsonValueKind.Array } to
            ? to.EnumerateArray()
                .Select(one => CrmJson.Digits(one, "toObjectId") ?? CrmJson.Digits(one, "id"))
                .OfType<string>()
            : [];

    /// <summary>The step with a record of a batch or a page.</summary>
    private HubSpotStep WithRecord(HubSpotObject record)
    {
        if (Stage == Stages.Page)
        {
            return With(request: null, record);
        }

        HubSpotStep next = this;
        foreach (ReadRequest asked in Missing.Where(read => read.Id == record.Id || record.Absorbed(read.Id!)))
        {
            next = (next with { Missing = next.Missing.Remove(asked) }).With(asked, record);
        }

        return next;
    }

    private HubSpotStep With(ReadRequest? request, HubSpotObject record)
    {
        var found = new Found(request, record);
        return _noun == HubSpotEvent.Deal
            ? this with
            {
                Deals = Deals.Add(found),
            }
            : this with
            {
                Findings = Findings.Add(ToFinding(found, HubSpotParties.None)),
            };
    }

    private ReadFinding ToFinding(Found found, HubSpotParties parties) =>
        new(
            found.Request,
            HubSpotMessages.Of(
                found.Record,
                _noun,
                _account,
                _source.Names,
                found.Request?.Id,
                isTold: found.Request?.Reason == ReadReason.Deleted,
                parties
            )
        );

    private HubSpotStep AskForNextSingle() =>
        Missing.IsEmpty
            ? AskForParties()
            : this with
            {
                Stage = Stages.Single,
                Call = HubSpotCalls.Single(_noun, Missing[0].Id!, _properties),
            };

    private HubSpotStep AskForParties() =>
        Deals.IsEmpty
            ? Ended()
            : this with
            {
                Stage = Stages.Contacts,
                Call = HubSpotCalls.Associations(HubSpotEvent.Contact, Deals.Select(deal => deal.Record.Id)),
            };

    private HubSpotStep Ended()
    {
        if (_cursor is null)
        {
            return (HubSpotStep)Broken(failure: null);
        }

        return this with
        {
            Call = null,
            Report = NextPage is null
                ? Report with
                {
                    Finished = [_cursor.Of],
                }
                : Report with
                {
                    Cursor = _cursor with { Next = NextPage },
                },
        };
    }

    private static ImmutableHashSet<string> RefusedIn(JsonElement answer, out string? code)
    {
        code = null;
        var ids = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        if (CrmJson.Member(answer, "errors") is { ValueKind: JsonValueKind.Array } errors)
        {
            foreach (JsonElement error in errors.EnumerateArray())
            {
                string? category = CrmJson.Text(error, "category");
                if (category != NotFound && CrmJson.Member(error, "context") is { } context)
                {
                    code ??= ReadFailure.CodeOf(category);
                    ids.UnionWith(CrmJson.Texts(context, "ids"));
                }
            }
        }

        return ids.ToImmutable();
    }

    /// <param name="Request">What asked for it; null: a page.</param>
    private sealed record Found(ReadRequest? Request, HubSpotObject Record);
}
