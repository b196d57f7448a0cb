using System.Globalization;
using System.Text.Json;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;

namespace Customer360.Silo.Policies;

/// <summary>
/// <c>customer360 policies check FOLDER</c>: reads the policy files of a folder as a start or a <c>PUT</c> would, without a grid.
/// For continuous integration.
/// </summary>
public static class PoliciesCommand
{
    public const string Name = "policies";

    public const string Usage = """
        Usage: customer360 policies check FOLDER [--json]
        Exit codes: 0 every file is valid, 1 one is not, there is none, or the call was not understood.
        """;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Encoder = AnswerJson.Encoder,
    };

    /// <summary>0: every file is valid; 1: one is not, or there is none, or the command is not known.</summary>
    /// <param name="args">What follows the command's name.</param>
    /// <param name="output">Takes a line per fault: <c>path:line: rule: message</c>; with <c>--json</c> an object with all files.</param>
    /// <param name="error">Takes what is wrong with the call itself.</param>
    public static int Run(ReadOnlySpan<string> args, TextWriter output, TextWriter error)
    {
        bool isJson = args is ["check", _, "--json"];
        if (args is not ["check", var folder, ..] || args.Length > (isJson ? 3 : 2))
        {
            error.WriteLine(Usage);
            return 1;
        }

        try
        {
            return Check(folder, PolicyServices.KnownKinds(), isJson, output, error);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"The folder '{folder}' can't be read ({failure.GetType().Name}).");
            return 1;
        }
    }

    private static int Check(string folder, PolicyKinds kinds, bool isJson, TextWriter output, TextWriter error)
    {
        var found = PolicyFolder.Read(folder, kinds, others: true);
        if (found.IsEmpty)
        {
            // A wrong folder must not look like one without faults.
            error.WriteLine($"There is no policy file in '{folder}'.");
            return 1;
        }

        if (isJson)
        {
            output.WriteLine(JsonSerializer.Serialize(new { files = found.Select(Of) }, s_json));
        }
        else
        {
            foreach (FoundPolicy policy in found)
            {
                Say(policy, output);
            }
        }

        return found.All(policy => policy.Reading.IsValid) ? 0 : 1;
    }

    private static object Of(FoundPolicy policy) =>
        new
        {
            policy.Path,
            kind = policy.Kind?.Name,
            policy.Reading.IsValid,
            policy.Reading.Version,
            faults = policy.Reading.Faults.Select(one => new
            {
                one.Line,
                one.Rule,
                one.Message,
            }),
            warnings = policy.Reading.Warnings.Select(one => new
            {
                one.Line,
                one.Rule,
                one.Message,
            }),
        };

    private static void Say(FoundPolicy policy, TextWriter output)
    {
        foreach (var fault in policy.Reading.Faults)
        {
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{policy.Path}:{fault.Line}: {fault.Rule}: {fault.Message}"
                )
            );
        }

        foreach (var warning in policy.Reading.Warnings)
        {
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{policy.Path}:{warning.Line}: warning: {warning.Rule}: {warning.Message}"
                )
            );
        }

        if (policy.Reading.IsValid)
        {
            output.WriteLine($"{policy.Path}: valid, version {policy.Reading.Version}");
        }
    }
}
