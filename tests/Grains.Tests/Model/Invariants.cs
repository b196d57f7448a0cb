using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;

namespace Customer360.Grains.Tests.Model;

/// <summary>What must hold whatever happened, looked at from outside while the grid is at rest: nothing lost, nothing counted twice, one owner, all explained.</summary>
internal sealed class Invariants(TestGrid grid)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Separation> _separations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DecisionRecord> _decisions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);
    private List<DecisionRecord> _news = [];

    /// <summary>All that were seen up to the last rest, by id.</summary>
    public IEnumerable<DecisionRecord> Decisions => _decisions.Values.OrderBy(one => one.Id, StringComparer.Ordinal);

    public async Task<HashSet<string>> Held(string customer) =>
        [.. (await Identity(customer)).Facts.Held.Select(held => held.Identifier.ToString())];

    /// <summary>Finds every customer there is by owners and decisions, and so wakes it.</summary>
    public async Task Look(IEnumerable<string> customers)
    {
        _known.UnionWith(customers);
        var open = new Queue<string>(_known);
        while (open.TryDequeue(out string? customer))
        {
            await Identity(customer);
            foreach (DecisionRecord decision in await grid.DecisionsOf(customer))
            {
                if (_decisions.TryAdd(decision.Id, decision))
                {
                    _news.Add(decision);
                }

                foreach (string found in new[] { decision.CustomerId, decision.OtherCustomerId }.OfType<string>())
                {
                    if (_known.Add(found))
                    {
                        open.Enqueue(found);
                    }
                }
            }
        }
    }

    public async Task Check(PlainModel model, string[] pool, IEnumerable<string> customers)
    {
        Dictionary<string, string> owners = await Owners(pool);
        _known.UnionWith(owners.Values);
        await Look(customers);
        ILookup<string, ProfileFold> folds = await LoggedOnce(model);
        foreach (string anchor in model.Anchors())
        {
            Assert.True(owners.ContainsKey(anchor), $"{anchor} has messages and no owner.");
        }

        var listed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string customer in _known.Order(StringComparer.Ordinal))
        {
            await EndsAlive(customer);
            await CheckCustomer(customer, model, folds, listed);
        }

        foreach ((string identifier, string owner) in owners)
        {
            Assert.True(listed.ContainsKey(identifier), $"{identifier} is {owner}'s, which does not list it.");
        }

        foreach ((string identifier, string customer) in listed)
        {
            Assert.True(
                owners.GetValueOrDefault(identifier) == customer,
                $"{customer} lists {identifier}, whose owner is {owners.GetValueOrDefault(identifier)}."
            );
        }

        CheckExplained(listed);
    }

    public static string[] IdentifiersOf(DecisionRecord decision) =>
        [.. JsonNode.Parse(decision.Payload.Span)!["identifiers"]!.AsArray().Select(one => (string)one!)];

    private Task<CustomerIdentity> Identity(string customer) =>
        grid.Grains.GetGrain<ICustomerGrain>(customer).GetIdentity();

    private async Task<Dictionary<string, string>> Owners(string[] pool)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string identifier in pool)
        {
            if (await grid.Grains.GetGrain<IIdentifierGrain>(identifier).GetOwner() is { } owner)
            {
                owners[identifier] = await EndsAlive(owner);
            }
        }

        return owners;
    }

    private async Task<string> EndsAlive(string customer)
    {
        HashSet<string> seen = [customer];
        string end = customer;
        while ((await Identity(end)).MovedTo is { } movedTo)
        {
            Assert.True(seen.Add(movedTo), $"{customer} leads in a circle.");
            end = movedTo;
        }

        return end;
    }

    /// <summary>Each acknowledged message once in the log; answers the fold of each message, by its anchor.</summary>
    private async Task<ILookup<string, ProfileFold>> LoggedOnce(PlainModel model)
    {
        List<(Envelope Message, LogPlace Place)> messages = [];
        for (int partition = 0; partition < grid.Partitions; partition++)
        {
            foreach (LogRow row in await grid.Log.ReadPartitionAsync(partition, 0, 10_000, CancellationToken.None))
            {
                messages.Add((EnvelopeReader.FromJson(row.Payload), new LogPlace(row.Partition, row.Position)));
            }
        }

        Assert.Equal(
            model.MessageIds.Order(StringComparer.Ordinal),
            messages.Select(one => one.Message.MessageId).Order(StringComparer.Ordinal)
        );
        messages.ForEach(one =>
            model.Anchored(
                one.Message.MessageId,
                new PlainModel.Logged(
                    one.Message.Anchor.ToString(),
                    one.Message.ReceivedAt,
                    one.Place.Partition,
                    one.Place.Position
                )
            )
        );
        return messages.ToLookup(one => one.Message.Anchor.ToString(), one => ProfileFold.Of(one.Message, one.Place));
    }

    private async Task CheckCustomer(
        string customer,
        PlainModel model,
        ILookup<string, ProfileFold> folds,
        Dictionary<string, string> listed
    )
    {
        ProfileViewReply reply = await grid.Grains.GetGrain<ICustomerGrain>(customer).GetView();
        foreach (Separation separation in (await Identity(customer)).Facts.Separations)
        {
            _separations.TryAdd(separation.Id, separation);
        }

        if (reply.View is not { } view)
        {
            return;
        }

        HashSet<string> held = [.. view.Identifiers.Select(one => one.Identifier.ToString())];
        foreach (string identifier in held)
        {
            Assert.True(listed.TryAdd(identifier, customer), $"{identifier} is listed by {customer} and another.");
        }

        Assert.Equal(model.Profile(held), Said(view.Fold));
        Assert.Equal(
            Json(held.SelectMany(anchor => folds[anchor]).Aggregate(ProfileFold.Empty, ProfileFold.Join)),
            Json(view.Fold)
        );
        Assert.True(
            view.Version >= _versions.GetValueOrDefault(customer),
            $"{customer} went back from version {_versions.GetValueOrDefault(customer)} to {view.Version}."
        );
        _versions[customer] = view.Version;
        Assert.False(
            SpansRegions(held) && !WasSplit(customer),
            $"{customer} holds identifiers of two regions, and nothing that links them: {string.Join(' ', held)}."
        );
        foreach (Separation separation in _separations.Values)
        {
            Assert.False(
                separation.One.Any(one => held.Contains(one.ToString()))
                    && separation.Other.Any(one => held.Contains(one.ToString())),
                $"{customer} holds what separation {separation.Id} keeps apart."
            );
        }
    }

    /// <summary>Of the runs' types only a user_id links regions.</summary>
    private static bool SpansRegions(HashSet<string> held) =>
        held.Any(one => RegionalType.Region(Identifier.Parse(one).Type) is not null)
        && held.Any(one => RegionalType.Region(Identifier.Parse(one).Type) is null)
        && !held.Any(one => one.StartsWith("user_id:", StringComparison.Ordinal));

    /// <summary>A steward may take away what linked the regions of a customer.</summary>
    private bool WasSplit(string customer) =>
        _decisions.Values.Any(one =>
            one.Kind == DecisionKinds.Split && (one.CustomerId == customer || one.OtherCustomerId == customer)
        );

    /// <summary>Whatever identifier changed hands since the last rest did so by decisions that were recorded since.</summary>
    private void CheckExplained(Dictionary<string, string> listed)
    {
        foreach ((string identifier, string customer) in listed)
        {
            HashSet<string> reached = [_owners.GetValueOrDefault(identifier, "")];
            int before;
            do
            {
                before = reached.Count;
                foreach (DecisionRecord decision in _news)
                {
                    (string from, string to, bool isAbout) = decision.Kind switch
                    {
                        DecisionKinds.Created or DecisionKinds.Linked => (
                            "",
                            decision.CustomerId,
                            IdentifiersOf(decision).Contains(identifier)
                        ),
                        DecisionKinds.Merged => (decision.OtherCustomerId!, decision.CustomerId, true),
                        DecisionKinds.Split => (
                            decision.CustomerId,
                            decision.OtherCustomerId!,
                            IdentifiersOf(decision).Contains(identifier)
                        ),
                        _ => ("", "", false),
                    };
                    if (isAbout && reached.Contains(from))
                    {
                        reached.Add(to);
                    }
                }
            } while (reached.Count > before);

            Assert.True(
                reached.Contains(customer),
                $"No decisions say how {identifier} came from '{_owners.GetValueOrDefault(identifier)}' to {customer}."
            );
            _owners[identifier] = customer;
        }

        _news = [];
    }

    /// <summary>The fold in the plain model's words.</summary>
    private static string Said(ProfileFold fold)
    {
        string events = string.Join(
            ',',
            fold.Counters.OrderBy(counter => counter.Name, StringComparer.Ordinal)
                .Select(counter => $"{counter.Name}={counter.Count}")
        );
        string? plan = fold
            .Traits.Where(trait => trait.Name == "plan")
            .Select(trait => JsonNode.Parse(Encoding.UTF8.GetString(trait.ValueJson.Span))!.GetValue<string>())
            .SingleOrDefault();
        return $"count={fold.MessageCount} events={events} plan={plan}";
    }

    private static string Json(ProfileFold fold)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        fold.WriteJson(writer);
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
