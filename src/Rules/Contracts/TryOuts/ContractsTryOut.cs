using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Customer360.Rules.Consent;
using Customer360.Rules.Contracts.Schemas;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Contracts.TryOuts;

/// <summary>
/// Judges messages that were received before by contracts that are proposed, and counts what would become of them. Of the messages it
/// keeps paths and kinds, and of ten their places: nothing that a sender has written.
/// </summary>
public sealed class ContractsTryOut(ContractsPolicy proposed)
{
    /// <summary>Messages that are told one by one.</summary>
    public const int ExamplesMax = 10;

    /// <summary>Violations that are told apart; the commonest are told.</summary>
    private const int ViolationsMax = 100;

    /// <summary>What is told apart while it is counted. Beyond, the sender's name stands for all that it violates.</summary>
    private const int CountedMax = 10_000;

    private readonly Dictionary<Finding, long> _violations = [];
    private readonly List<Example> _examples = [];
    private readonly long[] _byMode = new long[(int)ContractMode.Refuse + 1];
    private long _messages;
    private long _judged;
    private long _heldThen;
    private long _heldAnew;
    private long _freed;
    private long _unreadable;

    /// <param name="json">An envelope of the log.</param>
    public void Add(int partition, long position, ReadOnlyMemory<byte> json)
    {
        _messages++;
        Envelope envelope;
        try
        {
            envelope = EnvelopeReader.FromJson(json);
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            _unreadable++;
            return;
        }

        if (envelope.Contract?.ReleasedFrom is not null)
        {
            // The same message stands in the log at the place where it lay in quarantine.
            return;
        }

        bool wasHeld = envelope.IsHeld;
        _heldThen += wasHeld ? 1 : 0;
        if (Judge(envelope) is not { } judgement)
        {
            _byMode[(int)ContractMode.Allow]++;
            _freed += wasHeld ? 1 : 0;
            return;
        }

        _judged++;
        _byMode[(int)judgement.Mode]++;
        bool isHeld = judgement.Mode >= ContractMode.Quarantine;
        _heldAnew += isHeld && !wasHeld ? 1 : 0;
        _freed += wasHeld && !isHeld ? 1 : 0;
        foreach (SchemaViolation violation in judgement.Violations)
        {
            Count(new Finding(envelope.Source, judgement.Contract ?? ViolationTally.Other, violation));
        }

        if (isHeld && _examples.Count < ExamplesMax)
        {
            _examples.Add(new Example(partition, position, envelope.ReceivedAt, envelope.Source, judgement));
        }
    }

    /// <summary>
    /// <c>{"messages","unreadable","judged","modes":{"allow",…},"heldThen","wouldBeHeld","freed","violations":[{"source","contract","path","kind",
    /// "count"}],"examples":[{"partition","position","receivedAt","source","contract","version","mode","violations":[{"path","kind"}]}]}</c>
    /// </summary>
    public ReadOnlyMemory<byte> Report()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, AnswerJson.Options);
        writer.WriteStartObject();
        writer.WriteNumber("messages"u8, _messages);
        writer.WriteNumber("unreadable"u8, _unreadable);
        writer.WriteNumber("judged"u8, _judged);
        writer.WriteStartObject("modes"u8);
        foreach (ContractMode mode in Enum.GetValues<ContractMode>())
        {
            writer.WriteNumber(ContractModeNames.Text(mode), _byMode[(int)mode]);
        }

        writer.WriteEndObject();
        writer.WriteNumber("heldThen"u8, _heldThen);
        writer.WriteNumber("wouldBeHeld"u8, _heldAnew);
        writer.WriteNumber("freed"u8, _freed);
        writer.WriteStartArray("violations"u8);
        foreach (
            (Finding finding, long count) in _violations
                .OrderByDescending(one => one.Value)
                .ThenBy(one => one.Key.ToString(), StringComparer.Ordinal)
                .Take(ViolationsMax)
        )
        {
            writer.WriteStartObject();
            writer.WriteString("source"u8, finding.Source);
            writer.WriteString("contract"u8, finding.Contract);
            Write(writer, finding.Violation);
            writer.WriteNumber("count"u8, count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("examples"u8);
        foreach (Example example in _examples)
        {
            Write(writer, example);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private ContractJudgement? Judge(Envelope envelope)
    {
        ReadOnlySpan<byte> message = EnvelopeText.MessageOf(envelope.Json.Span);
        ContractJudgement? judgement = ContractJudge.Judge(
            message,
            MessageFields.Find(message),
            new ContractSubject(envelope.Kind, envelope.Name, envelope.Source, envelope.ReceivedAt),
            proposed,
            policyVersion: ""
        );
        if (envelope.Consent?.Clauses.Any(clause => clause.Status == ConsentStatus.Denied) == true)
        {
            judgement = judgement?.Mild();
        }

        return judgement?.CarriedBy(envelope.Identifiers);
    }

    private void Count(Finding finding)
    {
        if (_violations.Count >= CountedMax && !_violations.ContainsKey(finding))
        {
            finding = new Finding(finding.Source, ViolationTally.Other, new SchemaViolation("", ViolationTally.Other));
        }

        CollectionsMarshal.GetValueRefOrAddDefault(_violations, finding, out _)++;
    }

    private static void Write(Utf8JsonWriter writer, SchemaViolation violation)
    {
        writer.WriteString("path"u8, violation.Path);
        writer.WriteString("kind"u8, violation.Kind);
    }

    private static void Write(Utf8JsonWriter writer, Example example)
    {
        writer.WriteStartObject();
        writer.WriteNumber("partition"u8, example.Partition);
        writer.WriteNumber("position"u8, example.Position);
        writer.WriteString("receivedAt"u8, Rfc3339.Text(example.ReceivedAt));
        writer.WriteString("source"u8, example.Source);
        writer.WriteString("contract"u8, example.Judgement.Contract);
        writer.WriteString("version"u8, example.Judgement.Version);
        writer.WriteString("mode"u8, ContractModeNames.Text(example.Judgement.Mode));
        writer.WriteStartArray("violations"u8);
        foreach (SchemaViolation violation in example.Judgement.Violations)
        {
            writer.WriteStartObject();
            Write(writer, violation);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private readonly record struct Finding(string Source, string Contract, SchemaViolation Violation);

    private sealed record Example(
        int Partition,
        long Position,
        DateTimeOffset ReceivedAt,
        string Source,
        ContractJudgement Judgement
    );
}
