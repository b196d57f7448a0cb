using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <summary>
/// The files of a kind of policy, a row each. A row is named by its text and never changed, so writing it again changes
/// nothing, and a row that a crash has left without an entry harms nobody.
/// </summary>
internal sealed class PolicyTexts(string kind, IGrainStateStore states)
{
    private const int HashBytes = 16;

    public string IdOf(string text) =>
        $"{kind}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, HashBytes))}";

    /// <summary>Completes when the row is durable. Called before the entry is written that names it.</summary>
    public async Task Keep(string text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("text"u8, text);
            writer.WriteEndObject();
        }

        // Null where there is such a row: then it has this text.
        await states.WriteAsync(
            GrainKeys.PolicyTextState,
            IdOf(text),
            buffer.WrittenMemory,
            expectedVersion: 0,
            CancellationToken.None
        );
    }

    /// <exception cref="InvalidDataException">The row that an entry names is gone: the store was tampered with.</exception>
    public async Task<string> Get(string id)
    {
        StoredState row =
            await states.ReadAsync(GrainKeys.PolicyTextState, id, CancellationToken.None)
            ?? throw new InvalidDataException($"The policy file '{id}' is missing in the store.");
        using var document = JsonDocument.Parse(row.Json);
        return document.RootElement.GetProperty("text"u8).GetString()!;
    }
}
