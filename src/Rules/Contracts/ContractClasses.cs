using System.Collections.Immutable;
using Customer360.Rules.Access;
using Customer360.Rules.Policies;

namespace Customer360.Rules.Contracts;

/// <summary>The classes that the contracts in force give their fields. Of two that differ the stricter one.</summary>
public sealed class ContractClasses(IPolicy<ContractsPolicy> policy) : IStatedClasses
{
    // Traits are named by themselves in the access policy, properties with where they stand.
    private const string Traits = "traits.";

    private Known? _known;

    public ImmutableSortedDictionary<FieldPattern, FieldClass> Current
    {
        get
        {
            ContractsPolicy current = policy.Current;
            Known? known = Volatile.Read(ref _known);
            if (known is null || !ReferenceEquals(known.Policy, current))
            {
                known = new Known(current, Of(current));
                Volatile.Write(ref _known, known);
            }

            return known.Classes;
        }
    }

    /// <summary>The field of the access policy that a path of a contract means; null: none.</summary>
    public static FieldPattern? FieldOf(string path) =>
        path is "traits" or "properties"
            ? null
            : FieldPattern.Parse(path.StartsWith(Traits, StringComparison.Ordinal) ? path[Traits.Length..] : path);

    private static ImmutableSortedDictionary<FieldPattern, FieldClass> Of(ContractsPolicy policy)
    {
        var classes = ImmutableSortedDictionary.CreateBuilder<FieldPattern, FieldClass>();
        foreach ((string path, FieldClass stated) in policy.Contracts.SelectMany(contract => contract.Classes))
        {
            // What is no field was refused when the policy was read.
            FieldPattern pattern = FieldOf(path)!.Value;
            classes[pattern] = classes.TryGetValue(pattern, out FieldClass other) && other > stated ? other : stated;
        }

        return classes.ToImmutable();
    }

    private sealed record Known(ContractsPolicy Policy, ImmutableSortedDictionary<FieldPattern, FieldClass> Classes);
}
