namespace Customer360.Storage.Schema;

/// <summary>One numbered step of the schema, from an embedded file <c>NNNN_name.sql</c>.</summary>
/// <param name="Number">1 and rising by one.</param>
/// <param name="Name">What the file name says behind the number.</param>
/// <param name="Sql">Its statements.</param>
/// <param name="Checksum">SHA-256 of the text with plain line feeds, lower-case hex.</param>
internal sealed record Migration(int Number, string Name, string Sql, string Checksum);

/// <summary>A step that a database remembers.</summary>
internal sealed record AppliedMigration(int Number, string Checksum);
