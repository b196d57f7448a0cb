using System.Text.Json;
using System.Text.Json.Nodes;
using Customer360.Rules.Configuration;
using Customer360.Rules.Contracts;
using Customer360.Rules.Contracts.Exchange;
using Customer360.Rules.Contracts.Inference;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Silo.Policies;
using Customer360.Silo.Yaml;

namespace Customer360.Silo.EventContracts;

/// <summary>
/// <c>customer360 contracts import|infer|export</c>: takes tracking plans and schemas of other tools over, and hands ours to them, without a grid.
/// </summary>
public static class ContractsCommand
{
    public const string Name = "contracts";

    public const string Usage = """
        Usage: customer360 contracts import FILE TEAM CONTACT   writes contracts.yaml of a Segment or RudderStack tracking plan, an Iglu schema or an ODCS document
               customer360 contracts infer FILE TEAM CONTACT    proposes a contracts.yaml from messages, a line of JSON each, as a source sends them
               customer360 contracts export segment FILE        writes the contracts of a contracts.yaml as rules of Segment's Public API
               customer360 contracts export odcs FILE           writes them as documents of the Open Data Contract Standard, the newest versions, as JSON
        Exit codes: 0 all is well, 1 the file can't be used, or the call was not understood.
        """;

    private static readonly JsonSerializerOptions s_json = new() { Encoder = AnswerJson.Encoder, WriteIndented = true };

    /// <param name="args">What follows the command's name.</param>
    /// <param name="now">Says whether a version is deprecated by now.</param>
    /// <param name="output">Takes the file.</param>
    /// <param name="error">Takes what could not be taken over, and what is wrong with the call.</param>
    public static int Run(ReadOnlySpan<string> args, DateTimeOffset now, TextWriter output, TextWriter error)
    {
        try
        {
            switch (args)
            {
                case ["import", var file, var team, var contact]:
                    return Import(File.ReadAllText(file), team, contact, output, error);
                case ["infer", var file, var team, var contact]:
                    return Infer(File.ReadLines(file), team, contact, output, error);
                case ["export", "segment" or "odcs", var file]:
                    return Export(args[1], File.ReadAllText(file), now, output, error);
                default:
                    error.WriteLine(Usage);
                    return 1;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"The file can't be read ({failure.GetType().Name}).");
            return 1;
        }
    }

    private static int Import(string text, string team, string contact, TextWriter output, TextWriter error)
    {
        if (Parse(text) is not { } file)
        {
            error.WriteLine("The file is neither JSON nor YAML.");
            return 1;
        }

        return Propose(ContractImports.Read(file), team, contact, output, error);
    }

    private static int Infer(
        IEnumerable<string> lines,
        string team,
        string contact,
        TextWriter output,
        TextWriter error
    )
    {
        var inference = new ContractInference();
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            if (line.Length > 0 && !TryAdd(inference, line))
            {
                error.WriteLine($"Line {number} is no message of a kind that has a contract.");
            }
        }

        return Propose(inference.Propose(source: null), team, contact, output, error);
    }

    private static bool TryAdd(ContractInference inference, string line)
    {
        try
        {
            using var message = JsonDocument.Parse(line);
            return inference.Add(message.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static int Propose(ContractImport import, string team, string contact, TextWriter output, TextWriter error)
    {
        foreach (string note in import.Notes)
        {
            error.WriteLine(note);
        }

        if (import.Format is null)
        {
            return 1;
        }

        string yaml = import.ToYaml(team, contact);
        output.Write(yaml);
        PolicyReading<ContractsPolicy> reading = PolicyServices.KnownKinds().Read<ContractsPolicy>(yaml);
        foreach (ConfigFault fault in reading.Faults)
        {
            error.WriteLine(fault);
        }

        return reading.IsValid ? 0 : 1;
    }

    private static int Export(string format, string text, DateTimeOffset now, TextWriter output, TextWriter error)
    {
        PolicyReading<ContractsPolicy> reading = PolicyServices.KnownKinds().Read<ContractsPolicy>(text);
        if (reading.Body?.Base is not { } policy)
        {
            foreach (ConfigFault fault in reading.Faults)
            {
                error.WriteLine(fault);
            }

            return 1;
        }

        JsonNode written =
            format == "segment"
                ? SegmentPlans.Write(policy)
                : new JsonArray([
                    .. policy
                        .Contracts.Where(contract => contract.Covers == ContractCover.Part)
                        .Select(contract => OdcsDocuments.Write(contract, contract.Versions[0], now)),
                ]);
        if (format == "odcs")
        {
            foreach (EventContract contract in policy.Contracts.Where(one => one.Covers != ContractCover.Part))
            {
                error.WriteLine($"'{contract.Title}' is about the whole message, which the standard has no form for.");
            }
        }

        output.WriteLine(written.ToJsonString(s_json));
        return 0;
    }

    /// <summary>JSON, which may be nested deeper than YAML is read here; else YAML.</summary>
    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            List<ConfigFault> faults = [];
            (ConfigNode? file, _) = YamlConfig.Read(text);
            return file is null ? null : JsonNode.Parse(ConfigJson.Write(file, "file", faults)) as JsonObject;
        }
    }
}
