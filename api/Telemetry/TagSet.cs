using System.Collections.Immutable;
using System.Globalization;

namespace Customer360.Api.Telemetry;

/// <summary>The tags of a series, in the order in which the instrument gives them.</summary>
internal sealed class TagSet
{
    private readonly KeyValuePair<string, object?>[] _given;

    private TagSet(KeyValuePair<string, object?>[] given)
    {
        _given = given;
        Tags =
        [
            .. given.Select(tag =>
                KeyValuePair.Create(tag.Key, Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? string.Empty)
            ),
        ];
    }

    public ImmutableArray<KeyValuePair<string, string>> Tags { get; }

    public static TagSet Of(ReadOnlySpan<KeyValuePair<string, object?>> tags) => new(tags.ToArray());

    public ReadOnlySpan<KeyValuePair<string, object?>> Given => _given;
}

/// <summary>Finds a <see cref="TagSet"/> by the span that an instrument reports, without making an object of it.</summary>
internal sealed class TagSetComparer
    : IEqualityComparer<TagSet>,
        IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, TagSet>
{
    public static TagSetComparer Instance { get; } = new();

    public bool Equals(TagSet? x, TagSet? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && Equals(x.Given, y));

    public int GetHashCode(TagSet obj) => GetHashCode(obj.Given);

    public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, TagSet other)
    {
        ReadOnlySpan<KeyValuePair<string, object?>> given = other.Given;
        if (alternate.Length != given.Length)
        {
            return false;
        }

        for (int index = 0; index < given.Length; index++)
        {
            if (
                !string.Equals(alternate[index].Key, given[index].Key, StringComparison.Ordinal)
                || !Equals(alternate[index].Value, given[index].Value)
            )
            {
                return false;
            }
        }

        return true;
    }

    public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
    {
        var hash = new HashCode();
        foreach (KeyValuePair<string, object?> tag in alternate)
        {
            hash.Add(tag.Key, StringComparer.Ordinal);
            hash.Add(tag.Value);
        }

        return hash.ToHashCode();
    }

    public TagSet Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => TagSet.Of(alternate);
}
