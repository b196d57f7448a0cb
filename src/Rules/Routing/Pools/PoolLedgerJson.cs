using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Rules.Routing;

/// <summary>
/// A ledger as JSON. The people of a turn are numbered groups, since turn after turn has the same:
/// <c>{"scale","turns","returned","people":[{"id","got","owed","last"}],"groups":[[{"id","weight"}]],"open":[{"lead","person","turn","group"}]}</c>.
/// </summary>
public static class PoolLedgerJson
{
    public static void Write(Utf8JsonWriter writer, PoolLedger ledger)
    {
        writer.WriteStartObject();
        writer.WriteNumber("scale"u8, ledger.Scale);
        writer.WriteNumber("turns"u8, ledger.Turns);
        writer.WriteNumber("returned"u8, ledger.Returned);
        writer.WriteStartArray("people"u8);
        foreach (PoolStanding one in ledger.Standings)
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, one.PersonId);
            writer.WriteNumber("got"u8, one.Got);
            writer.WriteNumber("owed"u8, one.Owed);
            writer.WriteNumber("last"u8, one.LastTurn);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        PoolTurn[] open = [.. ledger.Open.Values.OrderBy(turn => turn.Number)];
        var groups = new Dictionary<ImmutableArray<PoolShare>, int>(SameShares.Instance);
        foreach (PoolTurn turn in open)
        {
            groups.TryAdd(turn.Shares, groups.Count);
        }

        writer.WriteStartArray("groups"u8);
        foreach (ImmutableArray<PoolShare> shares in groups.OrderBy(one => one.Value).Select(one => one.Key))
        {
            writer.WriteStartArray();
            foreach (PoolShare share in shares)
            {
                writer.WriteStartObject();
                writer.WriteString("id"u8, share.PersonId);
                writer.WriteNumber("weight"u8, share.Weight);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("open"u8);
        foreach (PoolTurn turn in open)
        {
            writer.WriteStartObject();
            writer.WriteString("lead"u8, turn.LeadId);
            writer.WriteString("person"u8, turn.PersonId);
            writer.WriteNumber("turn"u8, turn.Number);
            writer.WriteNumber("group"u8, groups[turn.Shares]);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static PoolLedger Read(JsonElement json)
    {
        ImmutableArray<PoolShare>[] groups =
        [
            .. json.GetProperty("groups"u8)
                .EnumerateArray()
                .Select(group =>
                    group
                        .EnumerateArray()
                        .Select(share => new PoolShare(Text(share, "id"), share.GetProperty("weight"u8).GetInt32()))
                        .ToImmutableArray()
                ),
        ];
        return new PoolLedger
        {
            Scale = Number(json, "scale"),
            Turns = Number(json, "turns"),
            Returned = Number(json, "returned"),
            Standings =
            [
                .. json.GetProperty("people"u8)
                    .EnumerateArray()
                    .Select(one => new PoolStanding(
                        Text(one, "id"),
                        Number(one, "got"),
                        Number(one, "owed"),
                        Number(one, "last")
                    )),
            ],
            Open = json.GetProperty("open"u8)
                .EnumerateArray()
                .Select(turn => new PoolTurn(
                    Text(turn, "lead"),
                    Text(turn, "person"),
                    Number(turn, "turn"),
                    groups[(int)Number(turn, "group")]
                ))
                .ToImmutableDictionary(turn => turn.LeadId),
        };
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static long Number(JsonElement json, string name) => json.GetProperty(name).GetInt64();

    private sealed class SameShares : IEqualityComparer<ImmutableArray<PoolShare>>
    {
        public static SameShares Instance { get; } = new();

        public bool Equals(ImmutableArray<PoolShare> left, ImmutableArray<PoolShare> right) =>
            left == right || left.AsSpan().SequenceEqual(right.AsSpan());

        public int GetHashCode(ImmutableArray<PoolShare> shares) =>
            HashCode.Combine(shares.Length, shares[0], shares[^1]);
    }
}
