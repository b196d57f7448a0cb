using Customer360.Rules.Warehouse;
using Parquet;
using Parquet.Schema;

namespace Customer360.Silo.Exports;

/// <summary>Rows of the mirror as a Parquet file: one row group, zstd, times in milliseconds UTC.</summary>
internal static class ParquetRows
{
    // The library's own level takes a hundred times as long.
    private static readonly ParquetOptions s_options = new()
    {
        CompressionMethod = CompressionMethod.Zstd,
        CompressionLevel = System.IO.Compression.CompressionLevel.Optimal,
    };

    public static async Task WriteAsync(Stream stream, MirrorRows rows, CancellationToken stop)
    {
        DataField[] fields = [.. rows.Table.Columns.Select(FieldOf)];
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(fields),
            stream,
            s_options,
            cancellationToken: stop
        );
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        for (int index = 0; index < fields.Length; index++)
        {
            IReadOnlyList<MirrorValue> values = rows.Column(index);
            DataField field = fields[index];
            switch (rows.Table.Columns[index].Kind)
            {
                case MirrorKind.Number:
                    await group.WriteAsync<long>(
                        field,
                        (ReadOnlyMemory<long?>)values.Select(value => value.Number).ToArray(),
                        cancellationToken: stop
                    );
                    break;
                case MirrorKind.Flag:
                    await group.WriteAsync<bool>(
                        field,
                        (ReadOnlyMemory<bool?>)values.Select(value => value.Flag).ToArray(),
                        cancellationToken: stop
                    );
                    break;
                case MirrorKind.Time:
                    await group.WriteAsync<DateTime>(
                        field,
                        (ReadOnlyMemory<DateTime?>)values.Select(value => value.Time).ToArray(),
                        cancellationToken: stop
                    );
                    break;
                default:
                    // A missing text is a null among them; the library's signature does not say so.
                    await group.WriteAsync(field, (string[])[.. values.Select(value => value.Text!)]);
                    break;
            }
        }

        group.CompleteValidate();
    }

    public static async Task<MirrorRows> ReadAsync(Stream stream, MirrorTable table, CancellationToken stop)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(
            stream,
            s_options,
            leaveStreamOpen: true,
            stop
        );
        var rows = new MirrorRows(table);
        for (int number = 0; number < reader.RowGroupCount; number++)
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(number);
            int count = (int)group.RowCount;
            var columns = new MirrorValue[table.Columns.Length][];
            for (int index = 0; index < columns.Length; index++)
            {
                MirrorColumn column = table.Columns[index];
                columns[index] = reader.Schema.DataFields.FirstOrDefault(field => field.Name == column.Name)
                    is { } found
                    ? await ReadAsync(group, found, column.Kind, count, stop)
                    : new MirrorValue[count];
            }

            var row = new MirrorValue[columns.Length];
            for (int index = 0; index < count; index++)
            {
                for (int column = 0; column < columns.Length; column++)
                {
                    row[column] = columns[column][index];
                }

                rows.Add(row);
            }
        }

        return rows;
    }

    private static async Task<MirrorValue[]> ReadAsync(
        ParquetRowGroupReader group,
        DataField field,
        MirrorKind kind,
        int count,
        CancellationToken stop
    )
    {
        switch (kind)
        {
            case MirrorKind.Number:
                long?[] numbers = new long?[count];
                await group.ReadAsync<long>(field, numbers.AsMemory(), cancellationToken: stop);
                return [.. numbers.Select(value => (MirrorValue)value)];
            case MirrorKind.Flag:
                bool?[] flags = new bool?[count];
                await group.ReadAsync<bool>(field, flags.AsMemory(), cancellationToken: stop);
                return [.. flags.Select(value => (MirrorValue)value)];
            case MirrorKind.Time:
                var times = new DateTime?[count];
                await group.ReadAsync<DateTime>(field, times.AsMemory(), cancellationToken: stop);
                return [.. times.Select(MirrorValue.OfTime)];
            default:
                string?[] texts = new string?[count];
                await group.ReadAsync(field, texts.AsMemory()!, cancellationToken: stop);
                return [.. texts.Select(value => (MirrorValue)value)];
        }
    }

    private static DataField FieldOf(MirrorColumn column) =>
        column.Kind switch
        {
            MirrorKind.Number => new DataField(column.Name, typeof(long), isNullable: true),
            MirrorKind.Flag => new DataField(column.Name, typeof(bool), isNullable: true),
            // Of times in microseconds this library writes the least and the greatest in milliseconds, by which readers leave rows out.
            MirrorKind.Time => new DateTimeDataField(
                column.Name,
                DateTimeFormat.DateAndTime,
                isAdjustedToUTC: true,
                unit: null,
                isNullable: true
            ),
            _ => new DataField<string>(column.Name),
        };
}
