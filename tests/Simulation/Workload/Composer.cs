using System.Collections.Immutable;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Workload;

/// <summary>
/// Makes workloads: ordinary traffic, storms of merges (rings, chains, stars), splits and undoings amidst them, repeats,
/// late messages, a hot customer.
/// </summary>
internal sealed class Composer
{
    /// <summary>Group ids of companies.</summary>
    public static readonly ImmutableArray<string> Groups = ["g1", "g2", "g3", "g4", "g5"];

    private readonly Dice _dice;
    private readonly PlanSettings _settings;
    private readonly ImmutableArray<string>[] _pool;
    private readonly ImmutableArray<string> _all;
    private readonly List<Message> _sent = [];
    private readonly bool _isHot;
    private int _numbers;

    public Composer(Dice dice, PlanSettings settings)
    {
        _dice = dice;
        _settings = settings;
        _isHot = dice.Next(4) == 0;
        // There are fewer people than devices, as in life.
        int[] shares = [1, 2, 3, 1];
        _pool =
        [
            .. Message.Types.Select(
                (type, index) =>
                    Enumerable
                        .Range(1, Math.Max(1, settings.Identifiers * shares[index] / shares.Sum()))
                        .Select(number => NameOf(type, number))
                        .ToImmutableArray()
            ),
        ];
        _all = [.. _pool.SelectMany(names => names)];
    }

    public ImmutableArray<Deed> Round(int count)
    {
        var deeds = ImmutableArray.CreateBuilder<Deed>();
        while (deeds.Count < count)
        {
            Add(deeds);
        }

        return deeds.ToImmutable();
    }

    /// <summary>
    /// Two identifiers are split apart, each side merges into an older customer, which must know from then on what it is to
    /// be kept from, and then those two are tied. A separation that merges forget comes to light here.
    /// </summary>
    public ImmutableArray<Deed>[] Reunion(Dice dice)
    {
        const string left = "anonymous_id:r1";
        const string right = "email:r1@x.example";
        const string olderLeft = "ga_client_id:r1";
        const string olderRight = "anonymous_id:r2";
        Deed.Collect Tie(params string[] identifiers) => new([MessageOf(identifiers)], dice.Next(3) == 0);
        return
        [
            [Tie(olderLeft), Tie(olderRight)],
            [Tie(left, right)],
            [new Deed.Split(left, (ulong)dice.Between(1, 2))],
            [Tie(left, olderLeft), Tie(right, olderRight)],
            [Tie(olderLeft, olderRight), Tie(left, right)],
        ];
    }

    /// <summary>
    /// People are erased amidst all that goes on; then everything that was ever sent is sent once more, beside new messages that
    /// mention them.
    /// </summary>
    public ImmutableArray<Deed>[] Forgetting(Dice dice)
    {
        List<Deed> amidst = [.. Round(dice.Between(2, 8))];
        for (int number = dice.Between(1, 3); number > 0; number--)
        {
            amidst.Insert(dice.Next(amidst.Count + 1), new Deed.Erase(dice.Pick(_all), number));
        }

        var again = ImmutableArray.CreateBuilder<Deed>();
        foreach (Message[] some in _sent.Chunk(3))
        {
            again.Add(new Deed.Collect([.. some], dice.Next(3) == 0));
        }

        again.Add(Collect(3, NewMessage));
        again.Add(Collect(3, NewMessage));
        return
        [
            [.. amidst],
            again.ToImmutable(),
        ];
    }

    /// <summary>Companies are merged and taken apart, all at once.</summary>
    public static ImmutableArray<Deed> Companies(Dice dice)
    {
        var deeds = ImmutableArray.CreateBuilder<Deed>();
        for (int number = dice.Between(4, 16); number > 0; number--)
        {
            string one = dice.Pick(Groups);
            deeds.Add(
                dice.Next(4) == 0 ? new Deed.SplitGroup(one) : new Deed.JoinGroups(one, dice.Pick(Groups), number)
            );
        }

        return deeds.ToImmutable();
    }

    private static string NameOf(string type, int number) =>
        type switch
        {
            "email" => $"email:e{number}@x.example",
            _ => $"{type}:{type[0]}{number}",
        };

    private void Add(ImmutableArray<Deed>.Builder deeds)
    {
        if (_settings.ChangesRules && _dice.Next(8) == 0)
        {
            deeds.Add(new Deed.ChangeRules(_dice.Next(RulesVariants.Count)));
            return;
        }

        int kind = _dice.Next(100);
        switch (kind)
        {
            case < 36:
                deeds.Add(Collect(_dice.Between(1, 4), NewMessage));
                break;
            case < 58:
                Storm(deeds);
                break;
            case < 70:
                deeds.Add(new Deed.Split(_dice.Pick(_all), _dice.NextUInt64()));
                break;
            case < 80:
                deeds.Add(new Deed.Undo(_dice.Next(100)));
                break;
            case < 88:
                deeds.Add(new Deed.Read([.. Enumerable.Range(0, _dice.Between(1, 4)).Select(_ => _dice.Pick(_all))]));
                break;
            case < 90:
                deeds.Add(new Deed.RepeatSplit(_dice.Next(100)));
                break;
            case < 92:
                deeds.Add(new Deed.Remind(_dice.Pick(_all), _dice.Next(2) == 0));
                break;
            case < 96:
                deeds.Add(new Deed.Follow(_dice.Next(100)));
                break;
            default:
                deeds.Add(new Deed.Lift(_dice.Next(100)));
                break;
        }
    }

    /// <summary>Identifiers that are first seen alone, then tied together from several sides at once.</summary>
    private void Storm(ImmutableArray<Deed>.Builder deeds)
    {
        string[] members = Members(_dice.Between(3, 5));
        foreach (string member in members)
        {
            if (_dice.Next(3) != 0)
            {
                deeds.Add(Collect(1, () => MessageOf([member])));
            }
        }

        int shape = _dice.Next(3);
        for (int index = 0; index < members.Length; index++)
        {
            string other = shape switch
            {
                0 => members[(index + 1) % members.Length],
                1 => members[Math.Min(index + 1, members.Length - 1)],
                _ => members[0],
            };
            string one = members[index];
            if (one != other && TypeOf(one) != TypeOf(other))
            {
                deeds.Add(Collect(1, () => MessageOf([one, other])));
            }
        }
    }

    /// <summary>Takes different types in turn, because a message carries one identifier of a type.</summary>
    private string[] Members(int count) =>
        [.. Enumerable.Range(0, count).Select(index => _dice.Pick(_pool[(index + _dice.Next(2)) % 4])).Distinct()];

    private Deed.Collect Collect(int count, Func<Message> make)
    {
        var messages = ImmutableArray.CreateBuilder<Message>(count);
        for (int index = 0; index < count; index++)
        {
            if (_sent.Count > 0 && _dice.Next(6) == 0)
            {
                messages.Add(_dice.Pick(_sent));
                continue;
            }

            Message made = make();
            _sent.Add(made);
            messages.Add(made);
        }

        return new Deed.Collect(messages.ToImmutable(), _dice.Next(3) == 0);
    }

    private Message NewMessage()
    {
        List<string> carried = [];
        while (carried.Count == 0)
        {
            foreach (ImmutableArray<string> names in _pool)
            {
                if (_dice.Next(5) < 2)
                {
                    carried.Add(_isHot && _dice.Next(2) == 0 ? names[0] : _dice.Pick(names));
                }
            }
        }

        return MessageOf(carried);
    }

    private Message MessageOf(IReadOnlyCollection<string> identifiers)
    {
        int number = ++_numbers;
        return new Message(
            $"m{number}",
            [.. identifiers.OrderBy(one => Message.Types.IndexOf(TypeOf(one)))],
            _settings.HasPublicSource && number % 5 < 3,
            number % 3 == 0,
            _dice.Next(2) == 0 ? $"once {number}" : $"event {_dice.Next(3)}",
            $"plan {_dice.Next(4)}",
            _dice.Next(7_000)
        );
    }

    private static string TypeOf(string identifier) => identifier[..identifier.IndexOf(':')];
}
