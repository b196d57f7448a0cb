using System.Buffers;
using System.Text.Json;
using Customer360.Rules.Contracts.Exchange;
using Customer360.Rules.Contracts.Inference;
using Customer360.Rules.Outcomes;

namespace Customer360.Grains;

/// <summary>Proposes contracts from the messages of the last days. It only reads, and begins anew after a restart.</summary>
/// <param name="source">Of this source alone; null: of all.</param>
/// <param name="by">Whoever asks owns the proposal until somebody else does.</param>
internal sealed class ContractInferenceWork(JobTools tools, string? source, string by, DateTimeOffset since) : IJobWork
{
    public async Task<Outcome<JobResult>> Run(JobPace pace, JobProgress progress, CancellationToken stop)
    {
        var inference = new ContractInference();
        await new RecentMessages(tools, since, pace, stop).ReadAll(row => inference.Add(row.Payload, source), progress);
        return new JobResult(Report(inference.Propose(source)), []);
    }

    /// <summary><c>{"contracts","notes":["…"],"policy":"…"}</c></summary>
    private ReadOnlyMemory<byte> Report(ContractImport proposal)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        writer.WriteStartObject();
        writer.WriteNumber("contracts"u8, proposal.Contracts.Length);
        writer.WriteStartArray("notes"u8);
        foreach (string note in proposal.Notes)
        {
            writer.WriteStringValue(note);
        }

        writer.WriteEndArray();
        writer.WriteString("policy"u8, proposal.ToYaml(by, by));
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
