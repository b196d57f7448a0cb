using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audit;
using Customer360.Rules.Privacy.OpenDsr;

namespace Customer360.Grains;

/// <summary>How far the receivers of a request's callbacks are. Whom they are is the request's to say.</summary>
public sealed record OpenDsrCallbackState : IAudited
{
    /// <inheritdoc/>
    public ImmutableArray<AuditEntry> Audit { get; set; } = [];

    /// <summary>In the order in which the request names them; shorter where some were not tried yet.</summary>
    public ImmutableArray<CallbackProgress> Receivers { get; init; } = [];
}

/// <summary><c>{"receivers":[{"settled","givenUp","tries","tryAfter"}]}</c></summary>
public sealed class OpenDsrCallbackStateCodec : IStateCodec<OpenDsrCallbackState>
{
    public void Write(Utf8JsonWriter writer, OpenDsrCallbackState state)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("receivers"u8);
        foreach (CallbackProgress receiver in state.Receivers)
        {
            writer.WriteStartObject();
            writer.WriteNumber("settled"u8, receiver.Settled);
            writer.WriteNumber("givenUp"u8, receiver.GivenUp);
            writer.WriteNumber("tries"u8, receiver.Tries);
            writer.WriteString("tryAfter"u8, receiver.TryAfter);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public OpenDsrCallbackState Read(ref Utf8JsonReader reader)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new OpenDsrCallbackState
        {
            Receivers =
            [
                .. document
                    .RootElement.GetProperty("receivers"u8)
                    .EnumerateArray()
                    .Select(receiver => new CallbackProgress(
                        receiver.GetProperty("settled"u8).GetInt32(),
                        receiver.GetProperty("givenUp"u8).GetInt32(),
                        receiver.GetProperty("tries"u8).GetInt32(),
                        receiver.GetProperty("tryAfter"u8).GetDateTimeOffset()
                    )),
            ],
        };
    }
}
