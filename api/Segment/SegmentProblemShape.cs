using System.Buffers;
using System.Text.Json;
using Customer360.Api.Problems;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Segment;

/// <summary>Problems as Segment's Profile API writes them: <c>{"error":{"code","message"}}</c> with its codes.</summary>
public sealed class SegmentProblemShape : ProblemShape
{
    private SegmentProblemShape() { }

    public static SegmentProblemShape Instance { get; } = new();

    public override string ContentType => "application/json";

    public override void Write(in Problem problem, IBufferWriter<byte> output)
    {
        using Utf8JsonWriter json = new(output, AnswerJson.Options);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, CodeOf(problem));
        json.WriteString("message"u8, MessageOf(problem));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string CodeOf(in Problem problem) =>
        problem.Status switch
        {
            StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => "authentication_error",
            StatusCodes.Status404NotFound => "not_found",
            StatusCodes.Status429TooManyRequests => "rate_limit_error",
            >= StatusCodes.Status500InternalServerError => "server_error",

            // A field that breaks its rule, against a request that can't be what is meant.
            _ => problem.Code is "invalid_parameter" or "invalid_identifier"
                ? "validation_error"
                : "invalid_request_error",
        };

    private static string MessageOf(in Problem problem) =>
        problem.Status == StatusCodes.Status404NotFound ? "Profile was not found." : problem.Detail;
}
