using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Customer360.Rules.Warehouse;

/// <summary>Rows of a table that are to be written, or were read, column by column. Not thread-safe.</summary>
public sealed class MirrorRows
{
    private readonly List<MirrorValue>[] _columns;
    private readonly ArrayBufferWriter<byte> _bytes = new(1024);

    public MirrorRows(MirrorTable table)
    {
        Table = table;
        _columns = [.. table.Columns.Select(_ => new List<MirrorValue>())];
    }

    public MirrorTable Table { get; }

    public int Count => _columns[0].Count;

    /// <summary>About what they take in memory, in bytes.</summary>
    public long Size { get; private set; }

    public MirrorSum Sum { get; private set; }

    public IReadOnlyList<MirrorValue> Column(int index) => _columns[index];

    /// <param name="row">A value for each column, in their order.</param>
    public void Add(ReadOnlySpan<MirrorValue> row)
    {
        if (row.Length != _columns.Length)
        {
            throw new ArgumentException($"{Table.Name} has {_columns.Length} columns.", nameof(row));
        }

        _bytes.ResetWrittenCount();
        for (int index = 0; index < row.Length; index++)
        {
            Check(row[index], Table.Columns[index]);
            _columns[index].Add(row[index]);
            row[index].AppendTo(_bytes);
            Size += row[index].Size;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_bytes.WrittenSpan, hash);
        Sum += new MirrorSum(1, BinaryPrimitives.ReadUInt64LittleEndian(hash));
    }

    private static void Check(in MirrorValue value, MirrorColumn column)
    {
        MirrorKind kind = column.Kind == MirrorKind.Json ? MirrorKind.Text : column.Kind;
        if (!value.IsMissing && value.Kind != kind)
        {
            throw new ArgumentException($"The column {column.Name} holds no {value.Kind}.", nameof(value));
        }
    }
}
