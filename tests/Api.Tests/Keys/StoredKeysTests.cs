using System.Net;
using Customer360.Api.Keys;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Api.Security.Tokens;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Customer360.Api.Tests.Keys;

/// <summary>What a process makes of its copy of the keys: fresh, stale, or none at all.</summary>
public sealed class StoredKeysTests
{
    private static readonly KeyMaking s_made = KeyMaking.Make("read");

    private readonly Clock _time = new();
    private readonly StoredKeys _stored;
    private readonly CallerFinder _finder;

    public StoredKeysTests()
    {
        _stored = new StoredKeys(_time);
        var tokens = new TokenOptions();
        _finder = new CallerFinder(
            new ApiKeys([(new ApiKey("settings", Rules.Access.Roles.Read), "plain-key-0123456789"u8.ToArray())]),
            _stored,
            new TokenCallers(tokens, new IssuerKeys(tokens, _time, NullLogger<IssuerKeys>.Instance)),
            new WrongKeys(new AccessOptions(), _time),
            new FailedCallers(_time)
        );
    }

    [Fact]
    public void Key_WhileNoCopyIsKnown_IsNotCalledUnknown()
    {
        Assert.IsType<Unavailable>(Find(s_made.Text).Refusal);
        Assert.IsType<Unavailable>(Find(s_made.Text, mayBeStale: true).Refusal);

        // What can't be a key of the grid is wrong whatever the grid keeps.
        Assert.IsType<KeyUnknown>(Find(s_made.Text[..^1]).Refusal);
        Assert.IsType<KeyUnknown>(Find("nonsense").Refusal);
        Assert.NotNull(Find("plain-key-0123456789").Key);
    }

    /// <summary>A key may have been revoked meanwhile: readers wait. What senders send would be lost: they go on.</summary>
    [Fact]
    public void Key_WhenTheCopyIsStale_SendsAndReadsNothing()
    {
        Take(Ring(1, Key("desk", s_made)));
        Assert.NotNull(Find(s_made.Text).Key);

        _time.Go(StoredKeys.AgeMax + TimeSpan.FromMilliseconds(1));

        Assert.IsType<Unavailable>(Find(s_made.Text).Refusal);
        Assert.NotNull(Find(s_made.Text, mayBeStale: true).Key);
        Assert.IsType<Unavailable>(Find(KeyMaking.Make("read").Text, mayBeStale: true).Refusal);
        _stored.Take(null, _time.GetTimestamp());
        Assert.NotNull(Find(s_made.Text).Key);
        Assert.IsType<KeyUnknown>(Find(KeyMaking.Make("read").Text).Refusal);
    }

    [Fact]
    public void Copy_ThatIsOlder_ChangesAndConfirmsNothing()
    {
        Take(Ring(2));
        _time.Go(StoredKeys.AgeMax + TimeSpan.FromSeconds(1));

        Take(Ring(1, Key("revoked", s_made)));

        Assert.Equal(2, _stored.Number);
        Assert.False(_stored.IsFresh);
        Assert.Null(Find(s_made.Text, mayBeStale: true).Key);
    }

    [Fact]
    public void Key_WithAnEnd_CountsUntilThen()
    {
        DateTimeOffset end = _time.GetUtcNow() + TimeSpan.FromSeconds(2);
        KeyMaking old = KeyMaking.Make("read");
        StoredKey rotated = Key("rotated", s_made);
        rotated = rotated with
        {
            Secrets = rotated.Secrets.Add(new KeySecret(old.Kept.Id, old.Kept.Digest, default) { Until = end }),
        };
        KeyMaking expiring = KeyMaking.Make("read");
        Take(Ring(1, Key("expiring", expiring) with { ExpiresAt = end }, rotated));

        Assert.All((string[])[s_made.Text, old.Text, expiring.Text], text => Assert.NotNull(Find(text).Key));
        _time.Go(TimeSpan.FromSeconds(2));

        Assert.NotNull(Find(s_made.Text).Key);
        Assert.IsType<KeyUnknown>(Find(old.Text).Refusal);
        Assert.IsType<KeyUnknown>(Find(expiring.Text, mayBeStale: true).Refusal);
    }

    [Fact]
    public void Key_OfOnlyCollect_IsPublicUnlessItSaysOtherwise()
    {
        KeyMaking server = KeyMaking.Make("collect");
        Take(
            Ring(
                1,
                Key("web", s_made) with
                {
                    Roles = ["collect"],
                },
                Key("crm", server) with
                {
                    Roles = ["collect"],
                    Trust = SourceTrust.Server,
                    Source = "sales",
                }
            )
        );

        Assert.Equal((SourceTrust.Public, "web"), (Find(s_made.Text).Key!.Trust, Find(s_made.Text).Key!.Source));
        Assert.Equal((SourceTrust.Server, "sales"), (Find(server.Text).Key!.Trust, Find(server.Text).Key!.Source));
    }

    [Fact]
    public void Key_OfRolesAndPurposes_HasThemByName()
    {
        Take(Ring(1, Key("desk", s_made) with { Roles = ["sales", "steward"], Purposes = ["sales-contact"] }));

        ApiKey key = Find(s_made.Text).Key!;

        Assert.Equal(["sales", "steward"], key.RoleNames.AsEnumerable());
        Assert.Equal(["sales-contact"], key.Purposes.AsEnumerable());
        Assert.Equal(Rules.Access.Roles.Read, key.Roles);
    }

    /// <summary>An address behind IPv4 within IPv6 is the same address; one that is not known is in no network.</summary>
    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("11.1.2.3", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData(null, false)]
    public void Key_BoundToANetwork_CountsInIt(string? address, bool counts)
    {
        Take(Ring(1, Key("desk", s_made) with { Addresses = ["10.0.0.0/8"] }));

        Assert.Equal(counts, Find(s_made.Text, from: address).Key is not null);
    }

    [Fact]
    public void Key_BoundToANetworkThatCanNotBeRead_CountsNowhere()
    {
        Take(Ring(1, Key("desk", s_made) with { Addresses = ["written by a later release"] }));

        Assert.Null(Find(s_made.Text).Key);
    }

    [Fact]
    public void Uses_OfAKey_AreToldOnceADayAndAgainWhereTellingFailed()
    {
        Take(Ring(1, Key("desk", s_made)));
        Find(s_made.Text);
        Find(s_made.Text);

        var uses = _stored.TakeUses();
        Find(s_made.Text);

        Assert.Equal(s_made.Kept.Id, Assert.Single(uses).SecretId);
        Assert.Empty(_stored.TakeUses());
        _stored.GiveBack(uses);
        Assert.Equal(uses.AsEnumerable(), _stored.TakeUses().AsEnumerable());
        _time.Go(TimeSpan.FromDays(1));
        Find(s_made.Text, mayBeStale: true);
        Assert.Equal(uses[0].Day + 1, Assert.Single(_stored.TakeUses()).Day);
    }

    private FoundCaller Find(string text, bool mayBeStale = false, string? from = "127.0.0.1")
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = from is null ? null : IPAddress.Parse(from);
        return _finder.FindText(context, text, mayBeStale);
    }

    private void Take(KeyRing ring) =>
        _stored.Take(new KeyRingCopy(ring.Number, KeyRingJson.Copy(ring)), _time.GetTimestamp());

    private static KeyRing Ring(long number, params StoredKey[] keys) => new() { Number = number, Keys = [.. keys] };

    private static StoredKey Key(string name, KeyMaking made) =>
        new(name, ["read"], default, "operator") { Secrets = [new KeySecret(made.Kept.Id, made.Kept.Digest, default)] };

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Go(TimeSpan time) => _now += time;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _now.UtcTicks;
    }
}
