using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Customer360.Rules.Audit;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using FsCheck;
using FsCheck.Fluent;
using static Customer360.Rules.Tests.Audit.AuditLogModel;

namespace Customer360.Rules.Tests.Audit;

/// <summary>The canonical form of a record, and the records of decisions.</summary>
public sealed class AuditRecordTests
{
    private const string CustomerId = "c_019ac8d12f400030000000001";

    // Whole characters only: what is half a pair is refused before it gets here.
    private static readonly Gen<string> s_text = Gen.Elements(
            "",
            "a",
            "B c",
            "\"",
            "\\",
            "é",
            "\n",
            "😀",
            "</script>",
            "\u2028",
            "{}",
            "\u007f"
        )
        .ListOf()
        .Select(parts => string.Concat(parts));

    private static readonly Gen<AuditRecord> s_records =
        from texts in s_text.ArrayOf(9)
        from others in Gen.OneOf(s_text.Select(text => (string?)text), Gen.Constant<string?>(null)).ArrayOf(3)
        from fields in s_text.ListOf()
        from details in Gen.Zip(s_text, s_text).ListOf()
        from times in Gen.Choose(0, int.MaxValue).ArrayOf(2)
        from count in Gen.Elements(1L, 0, 2, -1, long.MaxValue)
        select new AuditRecord(
            new AuditEntry(
                texts[0],
                DateTimeOffset.UnixEpoch.AddSeconds(times[0]).AddTicks(times[1]),
                texts[1],
                new AuditActor(texts[2], texts[3], texts[4]),
                texts[5],
                texts[6]
            )
            {
                Result = texts[7] is "" ? "done" : texts[7],
                Purpose = others[0],
                PolicyVersion = others[1],
                RequestId = others[2],
                Count = count,
                Fields = [.. fields],
                Details = details
                    .DistinctBy(detail => detail.Item1, StringComparer.Ordinal)
                    .ToImmutableSortedDictionary(
                        detail => detail.Item1,
                        detail => detail.Item2,
                        StringComparer.Ordinal
                    ),
            },
            DateTimeOffset.UnixEpoch.AddSeconds(times[1])
        );

    [Fact]
    public void Read_OfWhatWasWritten_IsTheSameRecord() =>
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                s_records.ToArbitrary(),
                record =>
                {
                    AuditRecord read = AuditRecord.Read(record.Write());
                    return Parts(read).SequenceEqual(Parts(record))
                        && read.Write().AsSpan().SequenceEqual(record.Write());
                }
            )
        );

    [Fact]
    public void Write_OfTwoRecords_DiffersWhereTheyDo() =>
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                s_records.ToArbitrary(),
                s_records.ToArbitrary(),
                (one, two) => Parts(one).SequenceEqual(Parts(two)) == one.Write().AsSpan().SequenceEqual(two.Write())
            )
        );

    [Fact]
    public void Write_HasMembersByNameAndNothingElse()
    {
        var record = new AuditRecord(
            Entry("r_1") with
            {
                Purpose = "support",
                Fields = ["traits", "identifiers"],
                Count = 3,
                Result = "refused",
            },
            Noon.AddSeconds(1)
        );

        Assert.Equal(
            """{"action":"profile.read","actor":{"kind":"key","name":"steward","roles":"admin"},"at":"2026-11-27T12:00:00Z","""
                + """ "count":3,"fields":["traits","identifiers"],"id":"r_1","objectId":"c_1","objectType":"customer","""[
                    1..
                ]
                + """ "purpose":"support","result":"refused","writtenAt":"2026-11-27T12:00:01Z"}"""[1..],
            Encoding.UTF8.GetString(record.Write())
        );
    }

    [Fact]
    public void Write_OfATimeWithAnOffset_IsUtc() =>
        Assert.Equal(
            new AuditRecord(Entry("r_1"), Noon).Write(),
            new AuditRecord(Entry("r_1") with { At = Noon.ToOffset(TimeSpan.FromHours(5)) }, Noon).Write()
        );

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"action":1}""")]
    [InlineData(
        """{"action":"a","actor":{"kind":"k","name":"n","roles":"r"},"at":"soon","id":"i","objectId":"o","objectType":"t"}"""
    )]
    public void Read_OfSomethingElse_SaysThatItIsNoRecord(string text) =>
        Assert.ThrowsAny<JsonException>(() => AuditRecord.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Chain_OfAnObject_IsAlwaysTheSameAndWithinBounds()
    {
        int[] chains = [.. Enumerable.Range(0, 1_000).Select(number => AuditChain.Of("customer", $"c_{number}"))];

        Assert.All(chains, chain => Assert.InRange(chain, 0, AuditChain.Count - 1));
        Assert.Equal(AuditChain.Count, chains.Distinct().Count());

        // These are stored: another distribution would make objects be looked for in the wrong chain.
        Assert.Equal([6, 3], [AuditChain.Of("customer", CustomerId), AuditChain.Of("policy", "identity")]);
    }

    [Fact]
    public void DecisionAudit_NamesWhatWasDecidedAndNoValue()
    {
        byte[] payload = new DecisionPayload
        {
            MessageId = "ada@example.com-1",
            Source = "web",
            RuleVersion = "5f0c1d2e3a4b",
            Because = "the message carries them together",
            Reason = "Ada Lovelace asked",
            By = "steward",
            Identifiers = [Identifier.Create("email", "ada@example.com")],
        }.Write();
        var decision = new DecisionRecord(
            "d_1",
            DecisionKinds.Split,
            CustomerId,
            CustomerId[..^1] + "2",
            Noon,
            payload
        );

        AuditEntry entry = DecisionAudit.Of(decision, new AuditHash(new byte[32]))!;

        Assert.Equal(
            ("d_1", "decision.split", "customer", CustomerId, "5f0c1d2e3a4b", "steward"),
            (entry.Id, entry.Action, entry.ObjectType, entry.ObjectId, entry.PolicyVersion, entry.Actor.Name)
        );
        Assert.Equal(DecisionAudit.HashOf(payload), entry.Details["payload"]);
        Assert.Equal(CustomerId[..^1] + "2", entry.Details["other"]);
        string text = Encoding.UTF8.GetString(new AuditRecord(entry, Noon).Write());
        Assert.DoesNotContain("ada", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@", text, StringComparison.Ordinal);
    }

    [Fact]
    public void DecisionAudit_OfAnIdentifierThatNobodyOwns_HasItsHash()
    {
        var hash = new AuditHash(new byte[32]);
        var decision = new DecisionRecord(
            "d_2",
            DecisionKinds.Quarantined,
            "email:ada@example.com",
            null,
            Noon,
            "{}"u8.ToArray()
        );

        AuditEntry entry = DecisionAudit.Of(decision, hash)!;

        Assert.Equal(("identifier", hash.Of("email:ada@example.com")), (entry.ObjectType, entry.ObjectId));
    }

    [Fact]
    public void DecisionAudit_OfAStepOfAPolicy_IsOneWithTheDecisions()
    {
        var step = new PolicyStep(3, PolicyStepKind.RolledBack, Noon, "admin", "v2", "t", "v1");

        AuditEntry entry = DecisionAudit.OfStep("identity", step);

        Assert.Equal(
            ("policy.rolled_back", "policy", "identity", "v2", "key", "admin"),
            (entry.Action, entry.ObjectType, entry.ObjectId, entry.PolicyVersion, entry.Actor.Kind, entry.Actor.Name)
        );
        Assert.Equal(
            new AuditRecord(entry, Noon).Write(),
            new AuditRecord(
                DecisionAudit.Of(PolicyStepRecord.Of("identity", step), new AuditHash(new byte[32]))!,
                Noon
            ).Write()
        );
    }

    [Fact]
    public void DecisionAudit_OfAPayloadThatIsNoJson_IsNone() =>
        Assert.Null(
            DecisionAudit.Of(
                new DecisionRecord("d_3", DecisionKinds.Linked, CustomerId, null, Noon, "secret"u8.ToArray()),
                new AuditHash(new byte[32])
            )
        );

    private static string[] Parts(AuditRecord record)
    {
        AuditEntry entry = record.Entry;
        return
        [
            entry.Id,
            $"{entry.At.UtcTicks} {record.WrittenAt.UtcTicks} {entry.Count} {entry.Fields.Length} {entry.Details.Count}",
            entry.Action,
            entry.Actor.Kind,
            entry.Actor.Name,
            entry.Actor.Roles,
            entry.ObjectType,
            entry.ObjectId,
            entry.Result,
            entry.Purpose ?? "(none)",
            entry.PolicyVersion ?? "(none)",
            entry.RequestId ?? "(none)",
            .. entry.Fields,
            .. entry
                .Details.OrderBy(detail => detail.Key, StringComparer.Ordinal)
                .SelectMany(detail => new[] { detail.Key, detail.Value }),
        ];
    }
}
