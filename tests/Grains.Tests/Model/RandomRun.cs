using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Customer360.Grains.Contracts;
using Customer360.Grains.Tests.Support;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Ports;

namespace Customer360.Grains.Tests.Model;

/// <summary>
/// One random sequence on real grains. The seed decides about every step; what two steps do to each other when they run side
/// by side is up to the machine. After every step the run comes to rest and <see cref="Invariants"/> looks at all of it.
/// </summary>
internal sealed partial class RandomRun(int seed, TestGrid grid)
{
    private readonly Random _random = new(seed);
    private readonly PlainModel _model = new();
    private readonly Invariants _invariants = new(grid);
    private readonly List<JsonObject> _sent = [];
    private readonly List<string> _steps = [];
    private readonly List<(string NewCustomer, SplitRequest Request)> _splits = [];
    private string[] _pool = [];
    private int _messages;
    private int _splitNumber;
    private RandomRules _rules = new(seed, hasRegions: false);

    /// <summary>Answers what is broken, with the seed and the steps that led to it; null where nothing is.</summary>
    public async Task<string?> Run(int steps)
    {
        int size = _random.Next(1, 4);
        _rules = new RandomRules(seed, hasRegions: _random.Next(3) == 0);
        _pool =
        [
            .. PlainModel.Types.SelectMany(type =>
                Enumerable.Range(1, size).SelectMany(n => _rules.Regions(type).Select(region => Name(type, region, n)))
            ),
        ];
        try
        {
            if (_rules.HasRegions)
            {
                // The rules that are built in know no regions.
                await ChangeRules();
            }

            for (int step = 0; step < steps; step++)
            {
                await Step();
                if (step < steps - 1 && _random.Next(3) == 0)
                {
                    // What is broken off stays broken off, and the next step meets it.
                    continue;
                }

                await ComeToRest();
                await _invariants.Check(_model, _pool, _splits.Select(split => split.NewCustomer));
            }
        }
        catch (Exception error)
        {
            return $"Seed {seed}, after: {string.Join("; ", _steps)}.{Environment.NewLine}{error}";
        }

        return null;
    }

    private async Task Step()
    {
        int kind = _random.Next(100);
        if (kind < 40)
        {
            await Action();
        }
        else if (kind < 60)
        {
            _steps.Add("side by side:");
            await Task.WhenAll(Enumerable.Range(0, _random.Next(2, 4)).Select(_ => Action()).ToArray());
        }
        else if (kind < 85)
        {
            await WithFaults();
        }
        else if (kind < 90)
        {
            _steps.Add("crash");
            await grid.CrashAndRestartAsync();
        }
        else
        {
            await CrashAmidst();
        }
    }

    /// <summary>One or two writes of what follows fail, before or after they are on disk.</summary>
    private async Task WithFaults()
    {
        FaultKind kind = _random.Next(2) == 0 ? FaultKind.BeforeCommit : FaultKind.AfterCommit;
        int first = _random.Next(1, 14);
        int second = _random.Next(3) == 0 ? first + _random.Next(1, 5) : first;
        _steps.Add($"with {kind} at writes {first}, {second}:");
        grid.Faults.Plan(number => number == first || number == second ? kind : null);
        await Task.WhenAll(Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Tolerant(Action())).ToArray());
        grid.Faults.Heal();
    }

    private async Task CrashAmidst()
    {
        int dying = _random.Next(1, 14);
        _steps.Add($"dies at write {dying}:");
        grid.Faults.Plan(number => number >= dying ? FaultKind.BeforeCommit : null);
        Task[] actions = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Tolerant(Action(applied: false)))];
        Task all = Task.WhenAll(actions);
        await Task.WhenAny(all, grid.Reached(dying));
        await grid.CrashAndRestartAsync();
        await all;
    }

    /// <summary>One action, by its weight.</summary>
    private Task Action(bool applied = true)
    {
        (int Weight, Func<Task> Begin)[] actions =
        [
            (10, () => Collect(applied)),
            (4, Split),
            (6, Undo),
            (1, ChangeRules),
            (1, RollBackRules),
            (1, LiftQuarantine),
        ];
        int chosen = _random.Next(actions.Sum(action => action.Weight));
        return actions.First(action => (chosen -= action.Weight) < 0).Begin();
    }

    private async Task Collect(bool applied)
    {
        var batch = new List<JsonObject>();
        int count = _random.Next(1, 4);
        for (int index = 0; index < count; index++)
        {
            batch.Add(_sent.Count > 0 && _random.Next(6) == 0 ? _sent[_random.Next(_sent.Count)] : NewMessage());
        }

        _sent.AddRange(batch);
        _steps.Add($"collect {string.Join(" ", batch.Select(Describe))}");
        await grid.Collect(applied, [.. batch.Select(message => message.DeepClone().AsObject())]);
        batch.ForEach(_model.Acknowledge);
    }

    private async Task Split()
    {
        if (_splits.Count > 0 && _random.Next(5) == 0)
        {
            (string newCustomer, SplitRequest request) = _splits[_random.Next(_splits.Count)];
            _steps.Add($"repeat split {request.SplitId[^4..]}");
            await grid.Grains.GetGrain<ICustomerGrain>(newCustomer).SplitFrom(request);
            return;
        }

        string identifier = _pool[_random.Next(_pool.Length)];
        int[] chances = [.. _pool.Select(_ => _random.Next(3))];
        string splitId = $"d_{(seed * 1_000L) + ++_splitNumber:x32}";
        if (await grid.OwnerOf(identifier) is not { } from)
        {
            return;
        }

        HashSet<string> held = await _invariants.Held(from);
        ImmutableArray<Identifier> leaving =
        [
            .. _pool.Where((one, index) => chances[index] == 0 && held.Contains(one)).Select(Identifier.Parse),
        ];
        var split = new SplitRequest(splitId, from, leaving, "a test", "steward", TimeProvider.System.GetUtcNow());
        string to = CustomerId.ForSplit(splitId, from, split.At);
        _steps.Add($"split {splitId[^4..]} of {from}: {string.Join(' ', leaving)}");
        _splits.Add((to, split));
        SplitReply reply = await grid.Grains.GetGrain<ICustomerGrain>(to).SplitFrom(split);
        _steps.Add($"split {splitId[^4..]}: {reply.Refused ?? reply.MovedTo ?? "done"}");
    }

    private async Task Undo()
    {
        int chance = _random.Next(1_000);
        string splitId = $"d_{(seed * 1_000L) + ++_splitNumber:x32}";
        DecisionRecord[] merges = [.. _invariants.Decisions.Where(decision => decision.Kind == DecisionKinds.Merged)];
        if (merges.Length == 0)
        {
            return;
        }

        DecisionRecord merge = merges[chance % merges.Length];
        _steps.Add($"undo {merge.OtherCustomerId} into {merge.CustomerId}");
        SplitReply reply = await grid
            .Grains.GetGrain<ICustomerGrain>(merge.OtherCustomerId!)
            .UndoMerge(
                new UndoRequest(
                    merge.Id,
                    splitId,
                    [.. Invariants.IdentifiersOf(merge).Select(Identifier.Parse)],
                    "a test",
                    "steward",
                    TimeProvider.System.GetUtcNow()
                )
            );
        _steps.Add($"undo of {merge.OtherCustomerId}: {reply.Refused ?? "done"}");
    }

    /// <summary>Whatever was broken off goes on with the next activation; what was not acknowledged is sent again.</summary>
    private async Task ComeToRest()
    {
        await grid.CatchUpAsync();
        await _invariants.Look(_splits.Select(split => split.NewCustomer));
        JsonObject[] open = [.. _sent.Where(sent => !_model.MessageIds.Contains((string)sent["messageId"]!))];
        if (open.Length > 0)
        {
            await grid.Collect(applied: true, [.. open.Select(message => message.DeepClone().AsObject())]);
            Array.ForEach(open, _model.Acknowledge);
        }

        await grid.CatchUpAsync();
        await _invariants.Look(_splits.Select(split => split.NewCustomer));
    }

    private static async Task Tolerant(Task action)
    {
        try
        {
            await action;
        }
        catch (Exception error)
            when (error
                    is StorageUnavailableException
                        or OrleansException
                        or OperationCanceledException
                        or ObjectDisposedException
            )
        {
            // A caller is told this when storage fails or the process dies; nothing is promised then.
        }
    }

    private JsonObject NewMessage()
    {
        string[] carried;
        do
        {
            string region = _rules.PickRegion(_random);
            carried = [.. PlainModel.Types.Where(_ => _random.Next(5) < 2).Select(type => Pick(type, region))];
        } while (carried.Length == 0);

        var traits = new JsonObject { ["plan"] = $"plan-{_random.Next(4)}" };
        var message = new JsonObject
        {
            // An identify that has its traits in the context only states them; of a track they are a copy.
            ["type"] = ++_messages % 3 == 0 ? "identify" : "track",
            ["messageId"] = $"m-{_messages}",
            ["event"] = $"Event {_random.Next(3)}",
            ["timestamp"] = $"2026-11-20T10:00:0{_random.Next(10)}Z",
            ["context"] = new JsonObject { ["traits"] = traits },
        };
        foreach (string one in carried)
        {
            Carry(message, traits, one);
        }

        return message;
    }

    private string Pick(string type, string region)
    {
        bool isRegional = region.Length > 0 && _rules.Regions(type).Contains(region);
        string prefix = isRegional ? $"{type}@{region}:" : $"{type}:";
        string[] some = [.. _pool.Where(one => one.StartsWith(prefix, StringComparison.Ordinal))];
        return some[_random.Next(some.Length)];
    }

    private static void Carry(JsonObject message, JsonObject traits, string identifier)
    {
        (string typed, string value) = (
            identifier[..identifier.IndexOf(':')],
            identifier[(identifier.IndexOf(':') + 1)..]
        );
        string type = typed.Split('@')[0];
        if (typed != type)
        {
            message["context"]!["region"] = typed.Split('@')[1];
        }

        switch (type)
        {
            case "user_id":
                message["userId"] = value;
                break;
            case "email":
                traits["email"] = value;
                break;
            case "anonymous_id":
                message["anonymousId"] = value;
                break;
            default:
                message["integrations"] = new JsonObject
                {
                    ["Google Analytics"] = new JsonObject { ["clientId"] = value },
                };
                break;
        }
    }

    private static string Name(string type, string region, int number)
    {
        string typed = region.Length == 0 ? type : $"{type}@{region}";
        return type == "email" ? $"{typed}:e{number}@x.example" : $"{typed}:{type[..2]}{number}";
    }

    private static string Describe(JsonObject message) =>
        $"{message["messageId"]}({string.Join(' ', PlainModel.IdentifiersOf(message).Select(one => one[(one.IndexOf(':') + 1)..]))})";
}
