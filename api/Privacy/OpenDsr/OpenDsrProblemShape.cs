using System.Buffers;
using System.Text.Json;
using Customer360.Api.Problems;
using Customer360.Rules.Configuration;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Privacy.OpenDsr;

/// <summary>Problems as OpenDSR writes them: <c>{"error":{"code","message","errors":[{"domain","reason","message"}]}}</c>.</summary>
public sealed class OpenDsrProblemShape : ProblemShape
{
    private OpenDsrProblemShape() { }

    public static OpenDsrProblemShape Instance { get; } = new();

    public override string ContentType => "application/json";

    public override void Write(in Problem problem, IBufferWriter<byte> output)
    {
        using Utf8JsonWriter json = new(output, AnswerJson.Options);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, problem.Status);
        json.WriteString("message"u8, problem.Detail);
        json.WriteStartArray("errors"u8);
        if (problem.Faults.IsDefaultOrEmpty)
        {
            Write(json, DomainOf(problem.Status), problem.Code, problem.Detail);
        }
        else
        {
            foreach (ConfigFault fault in problem.Faults)
            {
                Write(json, DomainOf(problem.Status), fault.Rule, fault.Message);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string domain, string reason, string message)
    {
        json.WriteStartObject();
        json.WriteString("domain"u8, domain);
        json.WriteString("reason"u8, reason);
        json.WriteString("message"u8, message);
        json.WriteEndObject();
    }

    private static string DomainOf(int status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => "Validation",
            StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => "Authentication",
            StatusCodes.Status404NotFound => "Request",
            _ => "Processor",
        };
}
