using System.Collections.Immutable;
using Customer360.Rules.Configuration;

namespace Customer360.Rules.Policies;

/// <summary>The kinds of policy that a program knows.</summary>
public sealed class PolicyKinds
{
    private readonly IConfigFormat _format;

    // Read once: every start asks for them several times, and they never change.
    private readonly ImmutableDictionary<string, Lazy<PolicyReading>> _builtIn;

    /// <param name="kinds">Each with a name and a type of its own.</param>
    /// <param name="format">Reads their files.</param>
    public PolicyKinds(IEnumerable<PolicyKind> kinds, IConfigFormat format)
    {
        All = [.. kinds.OrderBy(kind => kind.Name, StringComparer.Ordinal)];
        _format = format;
        if (All.Select(kind => kind.Name).Distinct(StringComparer.Ordinal).Count() != All.Length)
        {
            throw new ArgumentException("Two kinds of policy have the same name.", nameof(kinds));
        }

        _builtIn = All.ToImmutableDictionary(
            kind => kind.Name,
            kind => new Lazy<PolicyReading>(() => ReadBuiltIn(kind)),
            StringComparer.Ordinal
        );
    }

    /// <summary>By name.</summary>
    public ImmutableArray<PolicyKind> All { get; }

    /// <summary>The kind, or null.</summary>
    public PolicyKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <summary>The kind whose policies are of this type.</summary>
    public PolicyKind<T> Of<T>()
        where T : class => All.OfType<PolicyKind<T>>().Single();

    public PolicyReading Read(PolicyKind kind, string text) => kind.Read(text, _format);

    public PolicyReading<T> Read<T>(string text)
        where T : class => Of<T>().ReadFile(text, _format);

    /// <summary>Who answers for a file, without reading the rest of it; null where it does not say, or can't be read.</summary>
    public PolicyOwner? OwnerOf(string text) => _format.Read(text).File is { } file ? new PolicyFile(file).Owner : null;

    /// <summary>The policy that counts while there is no other.</summary>
    /// <exception cref="InvalidOperationException">The built-in file is not valid: a bug of the kind.</exception>
    public PolicyReading BuiltIn(PolicyKind kind) =>
        _builtIn.TryGetValue(kind.Name, out Lazy<PolicyReading>? reading) ? reading.Value : ReadBuiltIn(kind);

    private PolicyReading ReadBuiltIn(PolicyKind kind) =>
        kind.Read(kind.BuiltIn, _format) is { IsValid: true } reading
            ? reading
            : throw new InvalidOperationException($"The built-in policy of the kind {kind.Name} is not valid.");
}
