using System.Text.Json.Nodes;
using Customer360.Rules.Events;

namespace Customer360.Rules.Contracts.Exchange;

/// <summary>Contracts as rules of Segment's Public API: <c>{"rules":[{type, key, version, jsonSchema}]}</c>.</summary>
public static class SegmentPlans
{
    /// <summary>A rule for each version; Segment counts them with whole numbers, so those of a contract are numbered from 1 on.</summary>
    public static JsonObject Write(ContractsPolicy policy)
    {
        var rules = new JsonArray();
        foreach (EventContract contract in policy.Contracts)
        {
            int number = 0;
            foreach (ContractVersion version in contract.Versions.Reverse())
            {
                rules.Add(
                    new JsonObject
                    {
                        ["type"] = EventKinds.Text(contract.Kind).ToUpperInvariant(),
                        ["key"] = contract.Name,
                        ["version"] = ++number,
                        ["jsonSchema"] = SchemaOf(contract, version),
                    }
                );
            }
        }

        return new JsonObject { ["rules"] = rules };
    }

    /// <summary>About the whole message, as Segment has it.</summary>
    private static JsonObject SchemaOf(EventContract contract, ContractVersion version)
    {
        JsonNode schema = JsonNode.Parse(version.SchemaJson)!;
        if (contract.Covers == ContractCover.Message && schema is JsonObject whole)
        {
            return whole;
        }

        bool isOfTraits = contract.Kind is EventKind.Identify or EventKind.Group;
        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["type"] = "object",
            ["description"] = contract.Description,
            ["properties"] = new JsonObject
            {
                ["context"] = new JsonObject(),
                ["traits"] = isOfTraits ? schema : new JsonObject(),
                ["properties"] = isOfTraits ? new JsonObject() : schema,
            },
        };
    }
}
