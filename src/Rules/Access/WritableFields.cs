using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Rules.Accounts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Access;

/// <summary>What a caller may set, where a role of the caller says anything about it.</summary>
public sealed class WritableFields
{
    private static readonly string[] s_names = ["user_id", "anonymous_id"];

    private readonly AccessPolicy _policy;
    private readonly ImmutableArray<FieldName> _names;

    private WritableFields(AccessPolicy policy, ImmutableArray<FieldName> names) => (_policy, _names) = (policy, names);

    /// <summary>Null: no role of these has a list of what it may write.</summary>
    internal static WritableFields? Of(AccessPolicy policy, RoleSet roles)
    {
        ImmutableArray<FieldName>[] lists =
        [
            .. roles
                .Names.Select(name => policy.Roles.GetValueOrDefault(name)?.Write)
                .OfType<ImmutableArray<FieldName>>(),
        ];
        return lists.Length == 0 ? null : new WritableFields(policy, [.. lists.SelectMany(list => list).Distinct()]);
    }

    /// <summary>
    /// Every trait that the message sets may be set, and every identifier that it gives the person beside those that name her in the call:
    /// wherever it stands in the message, it will be hers.
    /// </summary>
    public bool Cover(Envelope message) =>
        message
            .Identifiers.Select(one => RegionalType.Base(one.Type))
            .All(type => s_names.Contains(type, StringComparer.Ordinal) || Covers(type))
        && message.Traits.All(trait => Covers(trait.Name, trait.ValueJson))
        && message.GroupTraits.All(trait => Covers($"company.{trait.Name}", trait.ValueJson))
        // A deal may make a lead a customer.
        && !(
            message.Kind == EventKind.Track && OpportunityEvents.Has(message.Name) && !Covers("company.opportunities")
        );

    private bool Covers(string path, ReadOnlyMemory<byte> json)
    {
        using var value = JsonDocument.Parse(json);
        return Covers(path, value.RootElement);
    }

    /// <summary>Of an object each member must be covered: what is inside of a field may have a class of its own.</summary>
    private bool Covers(string path, JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object when value.EnumerateObject().Any() => value
                .EnumerateObject()
                .All(member => Covers($"{path}.{member.Name}", member.Value)),
            JsonValueKind.Array when value.GetArrayLength() > 0 => value
                .EnumerateArray()
                .All(item => Covers(path, item)),
            _ => Covers(path),
        };

    private bool Covers(string path)
    {
        FieldClass ofField = _policy.ClassOf(path);
        return _names.Any(name => name.IsPattern ? name.Pattern.Covers(path) : name.Class == ofField);
    }
}

/// <summary>A message sets what its sender may not.</summary>
public sealed record FieldNotWritable()
    : MessageRefusal("field_not_writable", "The key's roles do not let it set every field of this message.");
