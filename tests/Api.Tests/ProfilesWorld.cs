using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Customer360.Grains;
using Customer360.Grains.Contracts;
using Customer360.Phones;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Keys;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Tests;

/// <summary>What the fake grains know. Documents, folds and envelopes are made by the real rules.</summary>
public sealed class ProfilesWorld
{
    /// <summary>When the tests run.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public const string Jane = "c_019ac8d12f400030000000001";
    public const string Merged = "c_019ac8d12f410030000000002";

    private readonly EnvelopeReader _reader = new(IdentityRules.Default, new LibPhoneNumbers());

    /// <summary>Identifier to customer.</summary>
    public Dictionary<string, string> Owners { get; } = new(StringComparer.Ordinal);

    /// <summary>Forwarding stubs.</summary>
    public Dictionary<string, string> Moved { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, List<Envelope>> Messages { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ImmutableArray<CustomerSession>> Sessions { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, AccountReply> Accounts { get; } = new(StringComparer.Ordinal);

    /// <summary>The shelf of the process; nobody publishes on it but the test (<see cref="Publish"/>).</summary>
    public ProfileShelf Shelf { get; } =
        new(new FixedTenure(), Options.Create(new ShelfOptions()), TimeProvider.System);

    /// <summary>Every call, as <c>interface/key/method</c>.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>What every grain throws, with the grain's key in its message as engines do; null: they answer.</summary>
    public Func<string, Exception>? Failure { get; set; }

    /// <summary>Takes one message in for a customer, who then owns its identifiers.</summary>
    public void Add(string customerId, string json, DateTimeOffset at, string source = "web")
    {
        using SentBody body = SentBody.OfMessage(Encoding.UTF8.GetBytes(json));
        int count = Messages.Values.Sum(list => list.Count);
        Outcome<Envelope> read = _reader.Read(body[0], new MessageContext(source, at, null, null, "r", count));
        Envelope envelope = read.Succeeded ? read.Value : throw new InvalidOperationException(read.Refusal.Message);
        if (!Messages.TryGetValue(customerId, out List<Envelope>? list))
        {
            Messages[customerId] = list = [];
        }

        list.Add(envelope);
        foreach (Identifier identifier in envelope.Identifiers)
        {
            Owners[identifier.ToString()] = customerId;
        }
    }

    /// <summary>A user who has sent nothing but an identify call.</summary>
    public void AddUser(string customerId, string type, string value, string traits = "{}") =>
        Add(
            customerId,
            $$$"""
            {"type":"identify","messageId":"m-{{{customerId}}}","traits":{{{traits}}},"context":{"externalIds":[
              {"id":{{{JsonSerializer.Serialize(value)}}},"type":"{{{type}}}","collection":"users","encoding":"none"}]}}
            """,
            Now.AddDays(-1)
        );

    /// <summary>A customer publishes what it has, as one that answers a grain call does.</summary>
    public ShelfPlace Publish(string customerId)
    {
        ShelfPlace place = Shelf.Enter(customerId);
        place.Publish(View(customerId));
        return place;
    }

    public ProfileView View(string customerId)
    {
        ProfileFold fold = Messages[customerId]
            .Aggregate(
                (Fold: ProfileFold.Empty, Position: 1L),
                (sum, one) => (sum.Fold.Apply(one, new LogPlace(0, sum.Position)), sum.Position + 1),
                sum => sum.Fold
            );
        ImmutableArray<ProfileIdentifier> identifiers =
        [
            .. Messages[customerId]
                .SelectMany(message => message.Identifiers.Select(identifier => (identifier, message)))
                .DistinctBy(pair => pair.identifier)
                .OrderBy(pair => pair.identifier)
                .Select(pair => new ProfileIdentifier(
                    pair.identifier,
                    pair.message.MessageId,
                    pair.message.Source,
                    pair.message.Timestamp,
                    IdentityRules.Default.Version
                )),
        ];
        return new ProfileView(customerId, Messages[customerId].Count, identifiers, fold);
    }

    public byte[] Document(string customerId) => ProfileDocument.Render(View(customerId), MastershipPolicy.Latest);

    internal IGrainFactory Grains() => ProfilesFakeGrains.Create(Answer);

    private object Answer(Type grain, string key, MethodInfo method, object?[] arguments)
    {
        if (method.Name == nameof(IKeyRingGrain.GetUnless))
        {
            // Asked once a second, whatever a test does.
            return Task.FromResult<KeyRingCopy?>(new KeyRingCopy(0, KeyRingJson.Copy(KeyRing.Empty)));
        }

        if (grain == typeof(IAuditGrain))
        {
            // Reads are noted; what they are asked of is another matter.
            return Task.CompletedTask;
        }

        lock (Calls)
        {
            Calls.Add($"{grain.Name}/{key}/{method.Name}");
        }

        if (Failure is { } failure)
        {
            throw failure(key);
        }

        return (grain.Name, method.Name) switch
        {
            (nameof(IIdentifierGrain), nameof(IIdentifierGrain.GetOwner) or nameof(IIdentifierGrain.FindOwner)) =>
                Task.FromResult(Owners.GetValueOrDefault(key)),
            (nameof(ICustomerGrain), nameof(ICustomerGrain.GetProfile)) => Task.FromResult(Profile(key)),
            (nameof(ICustomerGrain), nameof(ICustomerGrain.GetView)) => Task.FromResult(
                Moved.TryGetValue(key, out string? to) ? new ProfileViewReply(to, null)
                : Messages.ContainsKey(key) ? new ProfileViewReply(null, View(key))
                : new ProfileViewReply(null, null)
            ),
            (nameof(ICustomerGrain), nameof(ICustomerGrain.GetTimeline)) => Task.FromResult(
                Timeline(key, (TimelineRequest)arguments[0]!)
            ),
            (nameof(ICustomerGrain), nameof(ICustomerGrain.GetSessions)) => Task.FromResult(
                SessionsOf(key, (SessionsRequest)arguments[0]!)
            ),
            (nameof(IAccountGrain), nameof(IAccountGrain.GetAccount)) => Task.FromResult(
                Account(key, (AccountQuery)arguments[0]!)
            ),
            (nameof(IAccountMatchGrain), nameof(IAccountMatchGrain.Match)) => Task.FromResult(
                new AccountMatchReply(null, """{"candidates":[],"leftOut":[]}"""u8.ToArray())
            ),
            (nameof(IAccountGrain), nameof(IAccountGrain.GetCompany)) => Task.FromResult<string?>(null),
            (nameof(IIntakeGrain), nameof(IIntakeGrain.GetStatus)) => throw new TimeoutException("No answer."),
            _ => throw new NotSupportedException($"{grain.Name}.{method.Name}"),
        };
    }

    private ProfileReply Profile(string key) =>
        Moved.TryGetValue(key, out string? to) ? new ProfileReply(false, to, key, 0, default)
        : Messages.TryGetValue(key, out List<Envelope>? list)
            ? new ProfileReply(true, null, key, list.Count, Document(key))
        : new ProfileReply(false, null, key, 0, default);

    private TimelineReply Timeline(string key, TimelineRequest request)
    {
        IEnumerable<(Envelope Message, int Position)> rows = Messages[key]
            .Select((message, position) => (message, position))
            .Where(row => row.message.Timestamp >= request.From && row.message.Timestamp < request.To);
        rows = request.Descending
            ? rows.OrderByDescending(row => row.Message.Timestamp).ThenByDescending(row => row.Position)
            : rows.OrderBy(row => row.Message.Timestamp).ThenBy(row => row.Position);
        List<(Envelope Message, int Position)> all = [.. rows];
        int first = request.Cursor is { } place
            ? all.FindIndex(row => row.Position == place.Position && row.Message.Timestamp == place.Timestamp) + 1
            : 0;
        List<(Envelope Message, int Position)> page = [.. all.Skip(first).Take(request.Limit)];
        TimelinePlace? next =
            first + page.Count < all.Count ? new TimelinePlace(page[^1].Message.Timestamp, 0, page[^1].Position) : null;
        return new TimelineReply(null, [.. page.Select(row => row.Message)], next);
    }

    private SessionsReply SessionsOf(string key, SessionsRequest request)
    {
        List<CustomerSession> all =
        [
            .. Sessions
                .GetValueOrDefault(key, [])
                .Where(session => session.StartedAt >= request.From && session.StartedAt < request.To)
                .Where(session => request.Before is not { } before || session.StartedAt < before)
                .OrderByDescending(session => session.StartedAt),
        ];
        return new SessionsReply(
            null,
            [.. all.Take(request.Limit)],
            all.Count > request.Limit ? all[request.Limit - 1].StartedAt : null
        );
    }

    private AccountReply? Account(string key, AccountQuery query)
    {
        if (!Accounts.TryGetValue(key, out AccountReply? account))
        {
            return null;
        }

        IEnumerable<AccountMember> members = account
            .Members.OrderBy(member => member.Identifier.ToString(), StringComparer.Ordinal)
            .Where(member =>
                query.AfterMember is null || string.CompareOrdinal(member.Identifier.ToString(), query.AfterMember) > 0
            );
        return account with { Members = [.. members.Take(query.MemberLimit)] };
    }
}

/// <summary>A node that always belongs to its cluster.</summary>
internal sealed class FixedTenure : IShelfTenure
{
    public long Term => 0;
}
