using System.Globalization;
using System.Text.Json;
using Customer360.Api.Commands;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Exports;

/// <summary>
/// <c>customer360 export verify</c>: has the grid compare the warehouse mirror with itself, through the public API, and lists what differs.
/// </summary>
internal static class ExportCommand
{
    public const string Name = "export";

    public const string Usage = """
        Usage: customer360 export verify --key KEY [--url http://localhost:8360] [--tables events,profiles] [--json]
        The key needs the role admin; it may stand in the variable CUSTOMER360_EXPORT_KEY instead.
        Exit codes: 0 mirror and grid are the same, 1 they differ, 2 they could not be compared, or the call was not understood.
        """;

    /// <summary>Mirror and grid are the same.</summary>
    private const int Same = 0;

    /// <summary>They differ.</summary>
    private const int Differs = 1;

    /// <summary>Nobody knows.</summary>
    private const int Failed = 2;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error) =>
        Interruptible.RunAsync(interrupted =>
            RunAsync(args, Environment.GetEnvironmentVariable, TimeProvider.System, output, error, interrupted)
        );

    internal static async Task<int> RunAsync(
        string[] args,
        Func<string, string?> environment,
        TimeProvider time,
        TextWriter output,
        TextWriter error,
        CancellationToken cancelled
    )
    {
        if (Call.Read(args, environment) is not { } call)
        {
            await error.WriteLineAsync(Usage);
            return Failed;
        }

        using var client = new GridClient(new SocketsHttpHandler(), call.Url, call.Key, time);
        try
        {
            JsonElement job = await client.Post("/v1/exports:verify", call.Body(), cancelled);
            string path = $"/v1/jobs/{job.GetProperty("id"u8).GetString()}";
            while (job.GetProperty("status"u8).ValueEquals("running"u8))
            {
                // The API tells nobody when a job ends: it is asked again, as any caller would.
                await Task.Delay(s_pause, time, cancelled);
                job = await client.Get(path, cancelled);
            }

            return await Tell(job, call.IsJson, output, error);
        }
        catch (CommandException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return Failed;
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            await error.WriteLineAsync(
                "Broken off. The comparison goes on in the grid: GET /v1/exports tells what came of it."
            );
            return Failed;
        }
    }

    private static async Task<int> Tell(JsonElement job, bool isJson, TextWriter output, TextWriter error)
    {
        if (!job.GetProperty("status"u8).ValueEquals("done"u8))
        {
            await error.WriteLineAsync(
                job.TryGetProperty("failure"u8, out JsonElement failure)
                    ? failure.GetString()
                    : "The comparison was cancelled."
            );
            return Failed;
        }

        JsonElement result = job.GetProperty("result"u8);
        bool isSame = result.GetProperty("isSame"u8).GetBoolean();
        if (isJson)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(result, AnswerJsonElement.Options));
            return isSame ? Same : Differs;
        }

        foreach (JsonElement difference in result.GetProperty("differences"u8).EnumerateArray())
        {
            await output.WriteLineAsync(Sentence(difference));
        }

        string[] notCompared =
        [
            .. result.GetProperty("notCompared"u8).EnumerateArray().Select(table => table.GetString()!),
        ];
        if (notCompared.Length > 0)
        {
            await output.WriteLineAsync(
                $"Not compared, since messages came after the export: {string.Join(", ", notCompared)}. Export, and verify again."
            );
        }

        string files = Text(result, "files");
        string rows = Text(result, "rows");
        await output.WriteLineAsync(
            isSame
                ? $"Mirror and grid are the same: {files} files, {rows} rows."
                : $"{Text(result, "differenceCount")} differences; {files} files, {rows} rows were compared."
        );
        return isSame ? Same : Differs;
    }

    private static string Sentence(JsonElement difference)
    {
        string table = difference.GetProperty("table"u8).GetString()!;
        return difference.GetProperty("kind"u8).GetString() switch
        {
            "fileGone" => $"{table}: {Text(difference, "path")} is gone.",
            "fileChanged" => $"{table}: {Text(difference, "path")} is not as it was written.",
            _ =>
                $"{table}{Of(difference)}: the grid has {SumOf(difference, "grid")}, the mirror {SumOf(difference, "mirror")}.",
        };
    }

    private static string Of(JsonElement difference) =>
        difference.TryGetProperty("date"u8, out JsonElement day)
            ? $", partition {Text(difference, "partition")}, {day.GetString()}"
            : "";

    private static string SumOf(JsonElement difference, string side)
    {
        JsonElement sum = difference.GetProperty(side);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sum.GetProperty("rows"u8).GetInt64()} rows ({sum.GetProperty("checksum"u8).GetString()})"
        );
    }

    private static string Text(JsonElement parent, string name) => parent.GetProperty(name).ToString();

    /// <param name="Tables">None: all.</param>
    /// <param name="IsJson">The report is one line of JSON.</param>
    private sealed record Call(Uri Url, string Key, string[] Tables, bool IsJson)
    {
        /// <summary>Null where it is no call of ours.</summary>
        public static Call? Read(string[] args, Func<string, string?> environment)
        {
            if (args is not ["verify", .. var rest])
            {
                return null;
            }

            var call = new Call(
                new Uri("http://localhost:8360"),
                environment("CUSTOMER360_EXPORT_KEY") ?? "",
                [],
                IsJson: false
            );
            for (int place = 0; place < rest.Length; place++)
            {
                if (rest[place] == "--json")
                {
                    call = call with { IsJson = true };
                    continue;
                }

                string? value = place + 1 < rest.Length ? rest[place + 1] : null;
                Call? next = (rest[place], value) switch
                {
                    (_, null) => null,
                    ("--url", _)
                        when Uri.TryCreate(value, UriKind.Absolute, out Uri? url)
                            && url.Scheme.StartsWith("http", StringComparison.Ordinal) => call with
                    {
                        Url = url,
                    },
                    ("--key", _) => call with { Key = value },
                    ("--tables", _) => call with { Tables = value.Split(',', StringSplitOptions.RemoveEmptyEntries) },
                    _ => null,
                };
                if (next is null)
                {
                    return null;
                }

                call = next;
                place++;
            }

            return call.Key.Length == 0 ? null : call;
        }

        public string Body() =>
            Tables.Length == 0
                ? "{}"
                : JsonSerializer.Serialize(new Dictionary<string, string[]> { ["tables"] = Tables });
    }

    private static class AnswerJsonElement
    {
        public static JsonSerializerOptions Options { get; } = new() { Encoder = AnswerJson.Encoder };
    }
}
