using System.Collections.Immutable;
using System.Text;
using Customer360.Rules.Audit;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Ports;
using Customer360.Storage.Audit;
using Customer360.Storage.Tests.Databases;
using Customer360.Tests.Support;
using static Customer360.Storage.Tests.LogMessages;

namespace Customer360.Storage.Tests.Audit;

/// <summary>What the audit log promises. One log is shared by the tests of a class, so each looks for objects of its own.</summary>
public abstract class AuditLogTests(TestDatabase database)
{
    private const string SomeCustomer = "c_019ac8d12f4000300000000";

    private GridStorage Storage => database.Storage;

    /// <summary>The log from outside, as <c>audit verify</c> reads it.</summary>
    protected abstract AuditSource OpenSource();

    [DatabaseFact]
    public async Task Append_WhenReadBack_IsTheSame()
    {
        AuditEntry entry = Entry("a-same", "o-same") with
        {
            Purpose = "support",
            Fields = ["traits"],
            Details = Entry("", "").Details.Add("why", "\"é😀"),
        };

        await Append(entry);

        AuditRecord read = Assert.Single(await Of("o-same"));
        Assert.Equal(new AuditRecord(entry, read.WrittenAt).Write(), read.Write());
    }

    [DatabaseFact]
    public async Task Append_WhenTheIdIsKnown_ChangesNothing()
    {
        AuditEntry entry = Entry("a-once", "o-once");

        await Append(entry, entry with { Result = "refused" });
        await Append(entry with { Result = "later" });
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Append(entry with { Result = "again" })));

        Assert.Equal("done", Assert.Single(await Of("o-once")).Entry.Result);
    }

    [DatabaseFact]
    public async Task Append_OfADecisionsRecord_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() =>
            Append(Entry("a-forged", "o-forged") with { Action = "decision.merged" })
        );

    [DatabaseFact]
    public async Task Append_OfWhatCannotBeStored_FailsAloneAndNamesNoValue()
    {
        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() =>
            Append(Entry("a-nul", "o-nul") with { Purpose = "secret\0" })
        );
        await Assert.ThrowsAsync<ArgumentException>(() =>
            Append(Entry("a-half", "o-nul") with { Fields = ["\ud800"] })
        );
        await Assert.ThrowsAsync<ArgumentException>(() =>
            Append(Entry("a-long", "o-nul") with { RequestId = new string('x', 2_000) })
        );

        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
        Assert.Empty(await Of("o-nul"));
    }

    [DatabaseFact]
    public async Task Decision_IsWrittenWithItsRecord_Once()
    {
        DecisionRecord decision = Decision("d-1", SomeCustomer + "10");

        await Storage.Decisions.AppendAsync([decision, decision with { Kind = "again" }], CancellationToken.None);
        await Storage.Decisions.AppendAsync(
            [decision with { Kind = "later" }, Decision("d-2", SomeCustomer + "10")],
            CancellationToken.None
        );

        ImmutableArray<AuditRecord> records = await Of(SomeCustomer + "10", "customer");
        Assert.Equal(["d-2", "d-1"], records.Select(record => record.Entry.Id));
        Assert.All(records, record => Assert.Equal("decision.linked", record.Entry.Action));
        Assert.Equal(DecisionAudit.HashOf(decision.Payload.Span), records[1].Entry.Details["payload"]);
    }

    [DatabaseFact]
    public async Task Decisions_FromManyCallers_HaveOneRecordEach()
    {
        string customer = SomeCustomer + "11";
        await Task.WhenAll(
            Enumerable
                .Range(0, 300)
                .Select(number =>
                    Storage.Decisions.AppendAsync(
                        [Decision($"many-{number % 150}", customer), Decision($"other-{number}", $"{customer[..^1]}2")],
                        CancellationToken.None
                    )
                )
        );

        Assert.Equal(150, (await Of(customer, "customer")).Length);
        await AssertWhole();
    }

    [DatabaseFact]
    public async Task Decision_ThatIsNoJson_IsRefusedAlone()
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() =>
            Storage.Decisions.AppendAsync(
                [Decision("d-bad", SomeCustomer + "13") with { Payload = "secret"u8.ToArray() }],
                CancellationToken.None
            )
        );

        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.Null(await Storage.Decisions.FindAsync("d-bad", CancellationToken.None));
    }

    /// <summary>In a table of its own.</summary>
    [DatabaseFact]
    public Task State_IsWrittenWithItsEntries_OrNeitherIs() => WriteWithEntries("customer");

    /// <summary>In the table of all other kinds.</summary>
    [DatabaseFact]
    public Task State_OfAnyOtherKind_IsWrittenWithItsEntries_OrNeitherIs() => WriteWithEntries("consent");

    private async Task WriteWithEntries(string kind)
    {
        string key = $"audited-{kind}";
        AuditEntry first = Entry($"{kind}-1", key);
        AuditEntry second = Entry($"{kind}-2", key);

        Assert.Equal(1, await Write(kind, key, expected: 0, first));
        Assert.Null(await Write(kind, key, expected: 0, second));
        Assert.Null(await Write(kind, key, expected: 5, second));
        Assert.Equal([$"{kind}-1"], (await Of(key)).Select(record => record.Entry.Id));

        Assert.Equal(2, await Write(kind, key, expected: 1, first, second));
        Assert.Equal([$"{kind}-2", $"{kind}-1"], (await Of(key)).Select(record => record.Entry.Id));
        Assert.Equal(2, (await Storage.States.ReadAsync(kind, key, CancellationToken.None))!.Version);
    }

    [DatabaseFact]
    public async Task Step_OfAPolicy_WrittenWithTheLedgerAndWithTheDecision_IsOneRecord()
    {
        var step = new Rules.Policies.PolicyStep(
            1,
            Rules.Policies.PolicyStepKind.InForce,
            Noon,
            "admin",
            "v1",
            "t1",
            ""
        );
        await Write("policy", "tested", expected: 0, DecisionAudit.OfStep("tested", step));
        await Storage.Decisions.AppendAsync(
            [Rules.Policies.PolicyStepRecord.Of("tested", step)],
            CancellationToken.None
        );

        Assert.Equal("policy.in_force", Assert.Single(await Of("tested", "policy")).Entry.Action);
    }

    [DatabaseFact]
    public async Task Batch_OfWhichOneFails_LeavesTheChainsWhole()
    {
        Task[] writes =
        [
            .. Enumerable
                .Range(0, 40)
                .SelectMany(number =>
                    (Task[])
                        [
                            Append(Entry($"mixed-{number}", $"o-mixed-{number % 5}")),
                            Assert.ThrowsAnyAsync<Exception>(database.FailUnexpectedlyAsync),
                        ]
                ),
        ];
        await Task.WhenAll(writes);

        int found = 0;
        for (int number = 0; number < 5; number++)
        {
            found += (await Of($"o-mixed-{number}")).Length;
        }

        Assert.Equal(40, found);
        await AssertWhole();
    }

    [DatabaseFact]
    public async Task ReadBack_WhenPaged_GivesEachOnce()
    {
        await Append([.. Enumerable.Range(0, 50).Select(number => Entry($"p-{number:00}", "o-paged"))]);

        List<string> ids = [];
        long before = long.MaxValue;
        ImmutableArray<AuditRow> page;
        do
        {
            page = await Storage.AuditReader.ReadBackAsync(
                AuditChain.Of("thing", "o-paged"),
                before,
                7,
                CancellationToken.None
            );
            ids.AddRange(
                page.Select(row => AuditRecord.Read(row.Record).Entry)
                    .Where(entry => entry.ObjectId == "o-paged")
                    .Select(entry => entry.Id)
            );
            before = page.IsEmpty ? 0 : page[^1].Number;
        } while (page.Length == 7);

        Assert.Equal(Enumerable.Range(0, 50).Reverse().Select(number => $"p-{number:00}"), ids);
    }

    [DatabaseFact]
    public async Task Head_IsWhereTheChainsEnd_AndStaysTrueOfALongerLog()
    {
        await Append(Entry("h-1", "o-head"));
        AuditHead head = await Storage.AuditReader.ReadHeadAsync(CancellationToken.None);
        await Append(Entry("h-2", "o-head"));

        await using AuditSource source = OpenSource();
        AuditReport report = await source.VerifyAsync(AuditHead.Read(head.Write()), CancellationToken.None);

        Assert.Empty(report.Breaks);
        Assert.True(report.Head.Size > head.Size);
        int chain = AuditChain.Of("thing", "o-head");
        Assert.Equal(head.Chains[chain].Size + 1, report.Head.Chains[chain].Size);
    }

    [DatabaseFact]
    public async Task Reopened_TheChainsGoOn()
    {
        await Append(Entry("r-1", "o-reopened"));
        await database.ReopenAsync();
        await Append(Entry("r-1", "o-reopened"), Entry("r-2", "o-reopened"));

        Assert.Equal(["r-2", "r-1"], (await Of("o-reopened")).Select(record => record.Entry.Id));
        await AssertWhole();
    }

    [DatabaseFact]
    public async Task HashOfAnIdentifier_IsTheSameWhenTheStoreIsOpenedAgain()
    {
        string hash = Storage.AuditHash.Of("email:ada@example.com");
        await database.ReopenAsync();

        Assert.Equal(hash, Storage.AuditHash.Of("email:ada@example.com"));
    }

    /// <summary>Values of a person in every place of a decision that has room for one.</summary>
    [DatabaseFact]
    public async Task Log_OfDecisionsAboutPeople_HoldsNoneOfTheirValues()
    {
        string[] values = ["ada@example.com", "Ada Lovelace", "+491701234567", "ada-device-1", "Lovelace"];
        byte[] payload = new DecisionPayload
        {
            MessageId = values[0],
            Source = "web",
            RuleVersion = "5f0c1d2e3a4b",
            Because = values[1],
            Reason = values[2],
            SeparationId = values[3],
            JobId = values[4],
            MergeId = values[0],
            UndoneMergeId = values[0],
            Identifiers =
            [
                Identifier.Create("email", values[0]),
                Identifier.Create("phone", values[2]),
                Identifier.Create("anonymous_id", values[3]),
            ],
        }.Write();
        string[] kinds = [DecisionKinds.Linked, DecisionKinds.Quarantined, DecisionKinds.Released];
        await Storage.Decisions.AppendAsync(
            [
                .. kinds.Select(kind => new DecisionRecord(
                    DecisionId.Of(kind, values[0]),
                    kind,
                    $"email:{values[0]}",
                    $"name:{values[1]}",
                    Noon,
                    payload
                )),
            ],
            CancellationToken.None
        );

        string raw = await ReadRawAsync();

        Assert.Equal(3, (await Of(Storage.AuditHash.Of($"email:{values[0]}"), "identifier")).Length);
        Assert.All(values, value => Assert.DoesNotContain(value, raw, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Every column of every row of the table, as text.</summary>
    protected abstract Task<string> ReadRawAsync();

    protected static AuditEntry Entry(string id, string objectId) =>
        new(id, Noon, "thing.done", new AuditActor("key", "tester", "admin"), "thing", objectId);

    private static DecisionRecord Decision(string id, string customer) =>
        new(
            id,
            DecisionKinds.Linked,
            customer,
            null,
            Noon,
            Encoding.UTF8.GetBytes($$"""{"ruleVersion":"5f0c","identifiers":["user_id:{{id}}"]}""")
        );

    private Task Append(params ImmutableArray<AuditEntry> entries) =>
        Storage.Audit.AppendAsync(entries, CancellationToken.None);

    private Task<long?> Write(string kind, string key, long expected, params ImmutableArray<AuditEntry> audit) =>
        Storage.States.WriteAsync(
            kind,
            key,
            "{}"u8.ToArray(),
            expected,
            new StateCompanions { Audit = audit },
            CancellationToken.None
        );

    /// <summary>The newest first.</summary>
    private async Task<ImmutableArray<AuditRecord>> Of(string objectId, string objectType = "thing") =>
        [
            .. (
                await Storage.AuditReader.ReadBackAsync(
                    AuditChain.Of(objectType, objectId),
                    long.MaxValue,
                    10_000,
                    CancellationToken.None
                )
            )
                .Select(row => AuditRecord.Read(row.Record))
                .Where(record => record.Entry.ObjectId == objectId && record.Entry.ObjectType == objectType),
        ];

    private async Task AssertWhole()
    {
        await using AuditSource source = OpenSource();
        Assert.Empty((await source.VerifyAsync(null, CancellationToken.None)).Breaks);
    }
}
