using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Storage.Ports;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>The words of people's names, over one connection.</summary>
internal sealed partial class NameTable(SqliteConnection connection)
{
    private SqliteStatement? _upsert;
    private SqliteStatement? _words;
    private SqliteStatement? _delete;

    /// <summary>The customer is found by these words from now on, and by no other.</summary>
    public void Replace(string customerId, ImmutableArray<NameRow> rows)
    {
        _words ??= connection.Prepare(WordsSql);
        _words.Bind(1, customerId);
        List<string> gone = [];
        while (_words.Step())
        {
            string word = _words.Text(0);
            if (!rows.Any(row => row.Word == word))
            {
                gone.Add(word);
            }
        }

        _words.Reset();
        foreach (string word in gone)
        {
            _delete ??= connection.Prepare(DeleteSql);
            _delete.Bind(1, customerId).Bind(2, word).Run();
        }

        foreach (NameRow row in rows)
        {
            _upsert ??= connection.Prepare(UpsertSql);
            _upsert.Bind(1, row.Word).Bind(2, customerId).Bind(3, row.Fields).Run();
        }
    }

    public ImmutableArray<int> Count(ImmutableArray<string> words, int limit)
    {
        using SqliteStatement read = connection.PrepareOnce(CountSql);
        var counts = ImmutableArray.CreateBuilder<int>(words.Length);
        foreach (string word in words)
        {
            read.Bind(1, word).Bind(2, NameList.EndOf(word)).Bind(3, limit);
            counts.Add(read.Step() ? read.Int32(0) : 0);
            read.Reset();
        }

        return counts.MoveToImmutable();
    }

    /// <summary>Ends as soon as there are enough: nothing behind them is read.</summary>
    public NameLookPage Look(NameLook look)
    {
        using SqliteStatement read = connection.PrepareOnce(LookSql(look.Others.Length));
        read.Bind(1, look.Lead)
            .Bind(2, NameList.EndOf(look.Lead))
            .Bind(3, look.After?.Word ?? look.Lead)
            .Bind(4, look.After?.CustomerId ?? "")
            .Bind(5, look.Fields)
            .Bind(6, look.LookedAt);
        for (int index = 0; index < look.Others.Length; index++)
        {
            read.Bind(FirstOfOthers + (2 * index), look.Others[index])
                .Bind(FirstOfOthers + (2 * index) + 1, NameList.EndOf(look.Others[index]));
        }

        var found = ImmutableArray.CreateBuilder<NamePlace>();
        NamePlace? last = null;
        int rows = 0;
        while (found.Count < look.Limit && read.Step())
        {
            rows++;
            last = new NamePlace(read.Text(0), read.Text(1));
            if (read.Int64(2) != 0)
            {
                found.Add(last);
            }
        }

        bool isEnd = rows < look.LookedAt && found.Count < look.Limit;
        return new NameLookPage(found.DrainToImmutable(), isEnd ? null : last);
    }

    public bool IsBackfillOwed()
    {
        using SqliteStatement read = connection.PrepareOnce(OwedSql);
        return read.Step() && read.Int64(0) != 0;
    }
}
