using System.Collections.Immutable;
using Customer360.Rules.Ports;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Names;

namespace Customer360.Grains;

/// <summary>The words by which the customer is found. They follow from what it holds, so only which way they were made is stored.</summary>
public sealed partial class CustomerState
{
    private ImmutableArray<NameWord> _words;
    private ProfileMap? _wordsOf;
    private ImmutableArray<NameWord> _written = [];

    /// <summary>By which way of making words it is in the list (<see cref="PersonNames.Version"/>); 0: it is in it by none.</summary>
    public int NamesBy { get; set; }

    /// <summary>The words as they are now.</summary>
    public ImmutableArray<NameWord> Words
    {
        get
        {
            if (_wordsOf != Map)
            {
                (_words, _wordsOf) = (PersonNames.Of(Map), Map);
            }

            return _words;
        }
    }

    /// <summary>What the list has, as far as is known here; default: that is not known.</summary>
    private ImmutableArray<NameWord> Listed { get; set; } = [];

    /// <summary>The list has other words than the customer, or may have.</summary>
    public bool OwesNames => Listed.IsDefault || !Listed.AsSpan().SequenceEqual(Words.AsSpan());

    public ImmutableArray<NameRow>? NamesOf(string key)
    {
        _written = Words;
        return OwesNames ? [.. _written.Select(word => new NameRow(word.Word, key, (int)word.Fields))] : null;
    }

    /// <summary>The state is as it is stored.</summary>
    internal void HasRead() =>
        Listed =
            NamesBy == PersonNames.Version ? Words
            : NamesBy == 0 && Words.IsEmpty ? []
            : default;

    /// <summary>A write has gone through: the list has what the state had at that moment, and may have changed since.</summary>
    internal void HasWritten() => (Listed, NamesBy) = (_written, _written.IsEmpty ? 0 : PersonNames.Version);
}
