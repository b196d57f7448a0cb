using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Crm.Mapping;

/// <summary>Reads bodies by a mapping. What can't be read of a record stops that record and no other.</summary>
public static class MappingDecoder
{
    /// <summary>Records of a body; no service sends more.</summary>
    private const int RecordsMax = 1_000;

    /// <summary>Reads a body; a <see cref="WebhookUnreadable"/> where it has no records.</summary>
    /// <param name="source">Its name: part of the ids of its messages, since services number without knowing of each other.</param>
    public static Outcome<WebhookReading> Read(
        ReadOnlyMemory<byte> body,
        Func<string, string?> header,
        string source,
        RecordMapping mapping
    )
    {
        using JsonDocument? document = CrmJson.Parse(body);
        if (document is null)
        {
            return new WebhookUnreadable("it is no JSON");
        }

        JsonElement root = document.RootElement;
        JsonElement[] records = [.. mapping.Records.FindAll(root).Take(RecordsMax + 1)];
        if (records.Length is 0 or > RecordsMax)
        {
            return new WebhookUnreadable(
                records.Length == 0 ? "it has no record where its source's have to be" : "it has over 1000 records"
            );
        }

        var items = ImmutableArray.CreateBuilder<WebhookItem>(records.Length);
        for (int place = 0; place < records.Length; place++)
        {
            var context = new RecordContext(records[place], root, header);
            // A delivery's number is that of all its records.
            string suffix = mapping.Records.IsMany ? string.Create(CultureInfo.InvariantCulture, $":{place}") : "";
            items.Add(new Reader(mapping, context, source, suffix, body).Read());
        }

        return new WebhookReading(items.DrainToImmutable());
    }

    /// <summary>One record.</summary>
    private sealed class Reader(
        RecordMapping mapping,
        RecordContext context,
        string source,
        string suffix,
        ReadOnlyMemory<byte> body
    )
    {
        private readonly List<CrmMessage> _messages = [];
        private readonly List<ReadRequest> _reads = [];
        private readonly List<ErasureCall> _erasures = [];

        public WebhookItem Read()
        {
            MappingRule[] rules = [.. mapping.Rules.Where(rule => rule.When.All(one => one.Holds(context)))];
            if (rules.FirstOrDefault(rule => rule.Result == RuleResult.Skip) is { } skip)
            {
                return new WebhookSkipped(skip.Because);
            }

            if (rules.Length == 0)
            {
                return new WebhookSkipped(SkipReasons.NoRule);
            }

            if (mapping.Id.FindText(context) is not { } sent)
            {
                return Faulty(FaultReasons.MemberMissing, "id");
            }

            string id = IdOf(sent);
            foreach (MappingRule rule in rules)
            {
                if (Apply(rule, $"{source}:{id}{suffix}:{rule.Name}") is { } fault)
                {
                    return fault;
                }
            }

            return new WebhookTaken
            {
                Messages = [.. _messages],
                Reads = [.. _reads],
                Erasures = [.. _erasures],
            };
        }

        /// <summary>
        /// The record's id in its one spelling. A service that prints "null" or "undefined" there has none for it: then the record is told from
        /// others, and a repeat of it is known, by all that it says.
        /// </summary>
        private string IdOf(string sent) =>
            MessageIds.Of(sent) is { Length: > 0 } id
                ? id
                : "record-"
                    + Convert.ToHexStringLower(
                        SHA256.HashData(Encoding.UTF8.GetBytes(context.Record.GetRawText())).AsSpan(0, 16)
                    );

        private WebhookFaulty? Apply(MappingRule rule, string key)
        {
            DateTimeOffset? at = null;
            if (rule.Time?.Find(context) is { } written)
            {
                at = FieldMapping.TimeOf(written, rule.TimeUnit);
                if (at is null)
                {
                    return Faulty(FaultReasons.MemberInvalid, $"{rule.Name}.time");
                }
            }

            return rule.Result switch
            {
                RuleResult.Read => AddReads(rule, at),
                RuleResult.Forget => AddErasures(rule, key),
                _ => AddMessage(rule, key, at),
            };
        }

        private WebhookFaulty? AddMessage(MappingRule rule, string key, DateTimeOffset? at)
        {
            ImmutableArray<CrmId> ids = IdsOf(rule);
            if (ids.IsEmpty)
            {
                return Faulty(FaultReasons.NamesNobody, $"{rule.Name}.identifiers");
            }

            string? name = rule.Event?.FindText(context);
            if (rule.Kind == EventKind.Track && name is null)
            {
                return Faulty(FaultReasons.MemberMissing, $"{rule.Name}.event");
            }

            string? group = rule.Group?.FindText(context);
            if (rule.Kind == EventKind.Group && group is null)
            {
                return Faulty(FaultReasons.MemberMissing, $"{rule.Name}.group");
            }

            var fields = ImmutableArray.CreateBuilder<CrmField>(rule.Fields.Length);
            foreach (FieldMapping mapped in rule.Fields)
            {
                if (!mapped.TryRead(context, out CrmField? field))
                {
                    return Faulty(FaultReasons.MemberInvalid, $"{rule.Name}.fields.{mapped.Name}");
                }

                if (field is { } read)
                {
                    fields.Add(read);
                }
            }

            _messages.Add(
                new CrmMessage(rule.Kind, key)
                {
                    At = at,
                    Ids = ids,
                    Event = name,
                    GroupId = group,
                    Fields = fields.DrainToImmutable(),
                }
            );
            return null;
        }

        private WebhookFaulty? AddReads(MappingRule rule, DateTimeOffset? at)
        {
            string? kind = rule.Object?.FindText(context);
            string[] records = rule.Record is { } record ? [.. record.FindTexts(context)] : [];
            if (kind is null || records.Length == 0)
            {
                return Faulty(FaultReasons.MemberMissing, $"{rule.Name}.{(kind is null ? "object" : "record")}");
            }

            _reads.AddRange(records.Select(one => new ReadRequest(kind, one, ReadReason.Changed, at)));
            return null;
        }

        private WebhookFaulty? AddErasures(MappingRule rule, string key)
        {
            ImmutableArray<CrmId> ids = IdsOf(rule);
            // One for each person that it names.
            _erasures.AddRange(ids.Select(id => new ErasureCall(id, $"{key}:{id.Type}:{id.Value}")));
            return ids.IsEmpty ? Faulty(FaultReasons.NamesNobody, $"{rule.Name}.identifiers") : null;
        }

        private ImmutableArray<CrmId> IdsOf(MappingRule rule) =>
            [
                .. rule.Identifiers.SelectMany(one =>
                    one.Value.FindTexts(context).Select(value => new CrmId(one.Type, value))
                ),
            ];

        /// <summary>The body is kept whole: by itself a record would not be found where the mapping looks for it.</summary>
        private WebhookFaulty Faulty(string reason, string place) => new(reason, place, body);
    }
}
