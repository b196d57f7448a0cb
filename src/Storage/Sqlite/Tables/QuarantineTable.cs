using System.Collections.Immutable;
using Customer360.Rules.Ports;

namespace Customer360.Storage.Sqlite.Tables;

/// <summary>The messages set aside, over one connection.</summary>
internal sealed partial class QuarantineTable(SqliteConnection connection)
{
    public void Insert(QuarantinedMessage message)
    {
        using SqliteStatement insert = connection.PrepareOnce(InsertSql);
        insert
            .Bind(1, message.Partition)
            .Bind(2, message.Position)
            .Bind(3, message.Reason)
            .Bind(4, StorageTime.ToMicroseconds(message.At))
            .Run();
    }

    public bool Delete(int partition, long position)
    {
        using SqliteStatement delete = connection.PrepareOnce(DeleteSql);
        return delete.Bind(1, partition).Bind(2, position).Run() == 1;
    }

    public ImmutableArray<QuarantinedMessage> Read(QuarantineCursor? after, int limit)
    {
        using SqliteStatement read = connection.PrepareOnce(ReadSql);
        read.Bind(1, after?.Partition ?? -1).Bind(2, after?.Position ?? 0).Bind(3, limit);
        ImmutableArray<QuarantinedMessage>.Builder messages = ImmutableArray.CreateBuilder<QuarantinedMessage>();
        while (read.Step())
        {
            messages.Add(
                new QuarantinedMessage(
                    read.Int32(0),
                    read.Int64(1),
                    read.Text(2),
                    StorageTime.FromMicroseconds(read.Int64(3))
                )
            );
        }

        return messages.DrainToImmutable();
    }
}
