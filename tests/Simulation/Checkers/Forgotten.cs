using System.Text;
using Customer360.Rules.Events;
using Customer360.Rules.Privacy;
using Customer360.Simulation.Storage;
using Customer360.Simulation.World;

namespace Customer360.Simulation.Checkers;

/// <summary>
/// Invariant 8: erased means gone. Nothing that is stored names somebody who was erased, nobody owns what she was called by, and no
/// message brings her back.
/// </summary>
internal sealed class Forgotten
{
    private const string Name = "8 forgotten";

    private readonly HashSet<string> _names;

    private Forgotten(HashSet<string> names) => _names = names;

    public bool IsEmpty => _names.Count == 0;

    /// <summary>Those of the names that the stored list suppresses.</summary>
    public static Forgotten Of(Disk disk, IEnumerable<string> names)
    {
        HashSet<SuppressionHash> hashes = [.. disk.Suppressions.Select(entry => entry.Hash)];
        var key = new SuppressionKey(Convert.FromBase64String(NodeTemplate.SuppressionKey));
        return new Forgotten([.. names.Where(name => hashes.Contains(key.Of(Identifier.Parse(name))))]);
    }

    public bool Contains(string name) => _names.Contains(name);

    public void Check(AtRest rest, Disk disk)
    {
        foreach (string name in _names)
        {
            ViolationException.ThrowIf(
                rest.Owners.ContainsKey(name),
                Name,
                () => $"{name} was erased, and is owned by {rest.Owners[name]}"
            );
            foreach (var row in rest.Log)
            {
                string payload = Encoding.UTF8.GetString(row.Payload.Span);
                ViolationException.ThrowIf(
                    row.Anchor == name || payload.Contains(PairOf(name), StringComparison.Ordinal),
                    Name,
                    () => $"{name} was erased, and message {row.MessageId} of {row.Anchor} has it"
                );
                // Addresses stand in messages beside the identifiers, too.
                ViolationException.ThrowIf(
                    name.StartsWith("email:", StringComparison.Ordinal)
                        && payload.Contains($"\"{name["email:".Length..]}\"", StringComparison.Ordinal),
                    Name,
                    () => $"{name} was erased, and message {row.MessageId} of {row.Anchor} mentions it"
                );
            }

            foreach ((string kind, string stateKey, var state) in disk.AllStates)
            {
                ViolationException.ThrowIf(
                    stateKey == name
                        || Encoding.UTF8.GetString(state.Json.Span).Contains($"\"{name}\"", StringComparison.Ordinal),
                    Name,
                    () => $"{name} was erased, and the {kind} {stateKey} has it"
                );
            }

            foreach (var decision in disk.Decisions)
            {
                ViolationException.ThrowIf(
                    decision.CustomerId == name
                        || Encoding
                            .UTF8.GetString(decision.Payload.Span)
                            .Contains($"\"{name}\"", StringComparison.Ordinal),
                    Name,
                    () => $"{name} was erased, and the decision {decision.Kind} {decision.Id} has it"
                );
            }
        }
    }

    /// <summary>As an envelope lists an identifier.</summary>
    private static string PairOf(string name)
    {
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        return $$"""{"type":"{{name[..colon]}}","value":"{{name[(colon + 1)..]}}"}""";
    }
}
