using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Configuration;
using Customer360.Rules.Outcomes;
using Microsoft.AspNetCore.WebUtilities;

namespace Customer360.Api.Problems;

/// <summary>How problems look on the wire. State another one on an endpoint or a group with <c>WithMetadata</c>.</summary>
public abstract class ProblemShape
{
    /// <summary>RFC 9457 problem details: the shape of every path that states none.</summary>
    public static ProblemShape Details { get; } = new ProblemDetailsShape();

    public abstract string ContentType { get; }

    /// <summary>Writes the body.</summary>
    public abstract void Write(in Problem problem, IBufferWriter<byte> output);

    private sealed class ProblemDetailsShape : ProblemShape
    {
        /// <summary>More than anybody mends at once; a wrong file may have thousands.</summary>
        private const int FaultsMax = 100;

        public override string ContentType => "application/problem+json";

        public override void Write(in Problem problem, IBufferWriter<byte> output)
        {
            using Utf8JsonWriter json = new(output, AnswerJson.Options);
            json.WriteStartObject();
            json.WriteString("type"u8, problem.Type ?? "about:blank");
            json.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(problem.Status));
            json.WriteNumber("status"u8, problem.Status);
            json.WriteString("detail"u8, problem.Detail);
            json.WriteString("code"u8, problem.Code);

            // analytics-python reads code and message of an error; where message is missing it fails in reading,
            // takes that for a network error and sends a permanently bad batch ten times.
            json.WriteString("message"u8, problem.Detail);
            if (problem.RequestId is { } requestId)
            {
                json.WriteString("requestId"u8, requestId);
            }

            if (!problem.ViolatedPolicies.IsDefaultOrEmpty)
            {
                json.WriteStartArray("violated-policies"u8);
                foreach (string name in problem.ViolatedPolicies)
                {
                    json.WriteStringValue(name);
                }

                json.WriteEndArray();
            }

            if (!problem.Faults.IsDefaultOrEmpty)
            {
                WriteFaults(json, problem.Faults);
            }

            json.WriteEndObject();
        }

        private static void WriteFaults(Utf8JsonWriter json, ImmutableArray<ConfigFault> faults)
        {
            json.WriteStartArray("errors"u8);
            foreach (ConfigFault fault in faults.AsSpan(0, Math.Min(faults.Length, FaultsMax)))
            {
                json.WriteStartObject();
                json.WriteNumber("line"u8, fault.Line);
                json.WriteString("rule"u8, fault.Rule);
                json.WriteString("message"u8, fault.Message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }
}
