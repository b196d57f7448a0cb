using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Customer360.Rules.Profiles.Mastership;

/// <summary>
/// Which source's value each field shows. Immutable; <see cref="Version"/> is the hash of its content. It is asked when a
/// profile is read, so another policy counts at once, and no message is read again for it.
/// </summary>
public sealed class MastershipPolicy
{
    /// <summary>Fields with a rule of their own, at most.</summary>
    public const int FieldCountMax = 2_000;

    private readonly FrozenDictionary<string, FieldMaster>? _masters;
    private readonly FieldMaster _others;

    /// <param name="others">
    /// The rule for fields without one of their own, its field being <see cref="MastershipRule.AnyField"/>; its sources are
    /// the default order.
    /// </param>
    /// <param name="fields">One rule a field.</param>
    /// <exception cref="ArgumentException">A rule has faults (<see cref="MastershipRule.Faults"/>), or a field two rules.</exception>
    public MastershipPolicy(MastershipRule others, IEnumerable<MastershipRule> fields)
    {
        Default = others;
        Fields = [.. fields.OrderBy(rule => rule.Field, StringComparer.Ordinal)];
        if (others.Field != MastershipRule.AnyField || others.Writers is not null)
        {
            throw new ArgumentException("The default rule is for any field and any writer.", nameof(others));
        }

        if (Fields.Any(rule => rule.Field == MastershipRule.AnyField))
        {
            throw new ArgumentException("The rule for any field is the default one.", nameof(fields));
        }

        if (Fields.Length > FieldCountMax)
        {
            throw new ArgumentException($"A policy has {FieldCountMax} fields at most.", nameof(fields));
        }

        foreach (MastershipRule rule in Fields.Prepend(others))
        {
            if (rule.Faults(others.Sources).FirstOrDefault() is { } fault)
            {
                throw new ArgumentException($"{fault.Field}: {fault.Text}.", nameof(fields));
            }
        }

        _others = new FieldMaster(others, []);
        // Throws where a field has two rules.
        _masters = Fields.IsEmpty
            ? null
            : Fields
                .Select(rule => new FieldMaster(rule, others.Sources))
                .ToFrozenDictionary(master => master.Rule.Field, StringComparer.Ordinal);
        Version = Convert.ToHexStringLower(SHA256.HashData(MastershipPolicyJson.Write(this)).AsSpan(0, 6));
    }

    /// <summary>The latest value of any source, for every field.</summary>
    public static MastershipPolicy Latest { get; } =
        new(new MastershipRule(MastershipRule.AnyField, MasterStrategy.Latest, []), []);

    /// <summary>The rule for fields without one of their own. Its sources rank behind every field's.</summary>
    public MastershipRule Default { get; }

    /// <summary>By field (ordinal).</summary>
    public ImmutableArray<MastershipRule> Fields { get; }

    /// <summary>Twelve hexadecimal digits of the SHA-256 of its canonical JSON (<see cref="MastershipPolicyJson"/>).</summary>
    public string Version { get; }

    /// <summary>The version where profiles differ from those of <see cref="Latest"/> by it, else null: for entity tags.</summary>
    public string? Tag => Version == Latest.Version ? null : Version;

    /// <summary>The rule that a field is under.</summary>
    public MastershipRule RuleOf(string field) => MasterOf(field).Rule;

    /// <summary>Called per trait of every profile that is rendered: no allocation, and no look-up without rules.</summary>
    internal FieldMaster MasterOf(string field) =>
        _masters is not null && _masters.TryGetValue(field, out FieldMaster? master) ? master : _others;
}
