using Customer360.Rules.Audit;
using Customer360.Rules.Events;
using Customer360.Rules.Keys;

namespace Customer360.Rules.Tests.Keys;

public sealed class KeyRingTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    [Fact]
    public void Create_WhenTheNameIsFree_AddsTheKeyAndTellsTheAudit()
    {
        KeyRing ring = Ring("crm", "Abc");

        Assert.Equal(["Abc", "crm"], ring.Keys.Select(key => key.Name));
        Assert.Equal(2, ring.Number);
        AuditEntry entry = ring.Unrecorded[1];
        Assert.Equal(
            ("key.created", "key", "Abc", "r1"),
            (entry.Action, entry.ObjectType, entry.ObjectId, entry.RequestId)
        );
        Assert.Equal("collect", entry.Details["roles"]);
        Assert.DoesNotContain("digest-Abc", entry.Details.Values);
    }

    [Fact]
    public void Create_WhenTheNameIsTakenInAnotherCase_ChangesNothing()
    {
        KeyRing ring = Ring("crm");

        KeyRingDecision decision = ring.Create(Key("CRM"), Change(s_now));

        Assert.Equal(KeyObjection.NameTaken, decision.Objection);
        Assert.Same(ring, decision.Ring);
    }

    [Fact]
    public void Create_WhenTheRingIsFull_ChangesNothing()
    {
        KeyRing full = KeyRing.Empty with
        {
            Keys = [.. Enumerable.Range(0, KeyRing.KeysMax).Select(one => Key($"k{one:00000}"))],
        };

        Assert.Equal(KeyObjection.TooMany, full.Create(Key("one-more"), Change(s_now)).Objection);
    }

    [Fact]
    public void Rotate_WithAnOverlap_LeavesTheOldSecretUntilItsEnd()
    {
        KeyRing ring = Ring("crm").Rotate("CRM", Secret("new"), s_day, Change(s_now)).Ring;

        Assert.Equal([("new", null), ("crm", (DateTimeOffset?)(s_now + s_day))], Secrets(ring));
        Assert.Equal("key.rotated", ring.Unrecorded[^1].Action);
    }

    [Fact]
    public void Rotate_WhenTheAnswerWasLostAndItComesAgain_KeepsTheSecretThatEverybodyUses()
    {
        KeyRing lost = Ring("crm").Rotate("crm", Secret("nobody-saw-it"), s_day, Change(s_now)).Ring;

        KeyRing ring = lost.Rotate("crm", Secret("new"), s_day, Change(s_now + TimeSpan.FromMinutes(1))).Ring;

        Assert.Equal([("new", null), ("crm", (DateTimeOffset?)(s_now + s_day))], Secrets(ring));
    }

    [Fact]
    public void Rotate_WhenBothSecretsAreInUse_IsRefusedUntilTheOldOneHasEnded()
    {
        KeyRing ring = Ring("crm")
            .Rotate("crm", Secret("second"), s_day, Change(s_now))
            .Ring.NoteUses(new Dictionary<string, int>(StringComparer.Ordinal) { ["second"] = 5 });

        Assert.Equal(
            KeyObjection.RotationUnderWay,
            ring.Rotate("crm", Secret("third"), s_day, Change(s_now + TimeSpan.FromHours(23))).Objection
        );
        KeyRing later = ring.Rotate("crm", Secret("third"), s_day, Change(s_now + s_day)).Ring;
        Assert.Equal(["third", "second"], later.Keys[0].Secrets.Select(one => one.Id));
    }

    [Fact]
    public void Rotate_WithoutAnOverlap_EndsAllOtherSecretsAtOnce()
    {
        KeyRing ring = Ring("crm")
            .Rotate("crm", Secret("second"), s_day, Change(s_now))
            .Ring.NoteUses(new Dictionary<string, int>(StringComparer.Ordinal) { ["second"] = 5 });

        Assert.Equal(
            [("third", null)],
            Secrets(ring.Rotate("crm", Secret("third"), TimeSpan.Zero, Change(s_now)).Ring)
        );
    }

    [Fact]
    public void Revoke_OfAKey_TakesItOutAndOfAnotherChangesNothing()
    {
        KeyRing ring = Ring("crm", "web");

        KeyRing revoked = ring.Revoke("crm", Change(s_now)).Ring;

        Assert.Equal(["web"], revoked.Keys.Select(key => key.Name));
        Assert.Equal(KeyObjection.Unknown, revoked.Revoke("crm", Change(s_now)).Objection);
        Assert.Equal(KeyObjection.Unknown, revoked.Rotate("crm", Secret("x"), s_day, Change(s_now)).Objection);
        Assert.Equal(3, ring.Unrecorded.Concat(revoked.Unrecorded).Select(one => one.Id).Distinct().Count());
    }

    [Fact]
    public void NoteUses_OfKnownAndOlderDays_IsNoChange()
    {
        KeyRing ring = Ring("crm").NoteUses(new Dictionary<string, int>(StringComparer.Ordinal) { ["crm"] = 7 });

        Assert.Same(
            ring,
            ring.NoteUses(new Dictionary<string, int>(StringComparer.Ordinal) { ["crm"] = 6, ["other"] = 9 })
        );
        Assert.Equal((7, 1), (ring.Keys[0].Secrets[0].LastUsedDay, ring.Number));
    }

    [Fact]
    public void Json_OfARing_IsReadAsItWas()
    {
        StoredKey full = Key("shop") with
        {
            Source = "crm",
            Trust = SourceTrust.Server,
            Purposes = ["ads"],
            Origins = ["https://shop.example.com"],
            Addresses = ["10.0.0.0/8", "2001:db8::1"],
            ExpiresAt = s_now + s_day,
            RequestsPerMinute = 60,
            RequestsPerDay = 1_000,
        };
        KeyRing ring = Ring("crm").Create(full, Change(s_now)).Ring;
        ring = ring.Rotate("shop", Secret("next"), s_day, Change(s_now)).Ring;

        KeyRing read = KeyRingJson.Read(KeyRingJson.Copy(ring));

        Assert.Equal(KeyRingJson.Copy(ring), KeyRingJson.Copy(read));
        Assert.Empty(read.Unrecorded);
        Assert.Equal(
            (SourceTrust.Server, 60, 1_000),
            (read.Keys[1].Trust, read.Keys[1].RequestsPerMinute, read.Keys[1].RequestsPerDay)
        );
        Assert.Equal(full.Addresses.AsEnumerable(), read.Keys[1].Addresses.AsEnumerable());
        Assert.Equal(full.ExpiresAt, read.Keys[1].ExpiresAt);
    }

    [Theory]
    [InlineData("crm", null)]
    [InlineData("Shop-2.eu_west", null)]
    [InlineData("", "1 to 100")]
    [InlineData("token:ann", "letters")]
    [InlineData("a\nkey.revoked", "letters")]
    [InlineData("-crm", "begin with")]
    [InlineData("café", "letters")]
    public void NameProblem_OfAName_SaysWhatIsWrong(string name, string? problem) =>
        AssertProblem(problem, KeyWords.NameProblem(name));

    [Theory]
    [InlineData("203.0.113.7", null)]
    [InlineData("10.0.0.0/8", null)]
    [InlineData("2001:db8::/32", null)]
    [InlineData("::1", null)]
    [InlineData("1", "an address")]
    [InlineData("0x7f.1", "an address")]
    [InlineData("010.0.0.1", "an address")]
    [InlineData("10.0.0.1/8", "an address")]
    [InlineData("10.0.0.0/33", "an address")]
    [InlineData("localhost", "an address")]
    public void AddressProblem_OfAnAddress_SaysWhatIsWrong(string address, string? problem) =>
        AssertProblem(problem, KeyWords.AddressProblem(address));

    [Theory]
    [InlineData("https://shop.example.com", null)]
    [InlineData("http://localhost:3000", null)]
    [InlineData("https://shop.example.com/", "an origin")]
    [InlineData("https://shop.example.com/cart", "an origin")]
    [InlineData("https://shop.example.com:443", "an origin")]
    [InlineData("shop.example.com", "an origin")]
    [InlineData("https://*.example.com", "an origin")]
    [InlineData("null", "an origin")]
    public void OriginProblem_OfAnOrigin_SaysWhatIsWrong(string origin, string? problem) =>
        AssertProblem(problem, KeyWords.OriginProblem(origin));

    private static void AssertProblem(string? expected, string? problem)
    {
        if (expected is null)
        {
            Assert.Null(problem);
        }
        else
        {
            Assert.Contains(expected, problem, StringComparison.Ordinal);
        }
    }

    private static KeyRing Ring(params string[] names) =>
        names.Aggregate(KeyRing.Empty, (ring, name) => ring.Create(Key(name), Change(s_now)).Ring);

    private static StoredKey Key(string name) => new(name, ["collect"], s_now, "operator") { Secrets = [Secret(name)] };

    private static KeySecret Secret(string id) => new(id, $"digest-{id}", s_now);

    private static KeyChange Change(DateTimeOffset at) => new(new AuditActor("key", "operator", "admin"), at, "r1");

    private static IEnumerable<(string, DateTimeOffset?)> Secrets(KeyRing ring) =>
        ring.Keys[0].Secrets.Select(one => (one.Id, one.Until));
}
