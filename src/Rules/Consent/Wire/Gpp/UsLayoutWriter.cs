using System.Collections.Immutable;

namespace Customer360.Rules.Consent.Wire.Gpp;

/// <summary>Writes a layout field by field, in the order of the section's specification.</summary>
/// <param name="start">Bits before the first field: those of the version, or none.</param>
internal sealed class UsLayoutWriter(int start = UsLayout.VersionBits)
{
    private readonly ImmutableArray<UsChoice>.Builder _choices = ImmutableArray.CreateBuilder<UsChoice>();
    private readonly ImmutableArray<UsChild>.Builder _children = ImmutableArray.CreateBuilder<UsChild>();
    private int _at = start;

    /// <summary>A field that says nothing about a choice, or a notice; returns where it stands.</summary>
    public int Skip(int count = 1)
    {
        int at = _at;
        _at += UsLayout.FieldBits * count;
        return at;
    }

    /// <summary>An opt-out of which the person was told in the field at <paramref name="notice"/>.</summary>
    public void OptOut(int notice, params ImmutableArray<string> ids) =>
        _choices.Add(new UsChoice(Skip(), ids, notice));

    /// <summary>A consent.</summary>
    public void Consent(string id) => _choices.Add(new UsChoice(Skip(), [id], Notice: null));

    /// <summary>A consent that is believed only where it is missing.</summary>
    public void Refusal(string id) => _choices.Add(new UsChoice(Skip(), [id], Notice: null, CanGrant: false));

    /// <summary>A consent for a child to what the ids say.</summary>
    public void Child(params ImmutableArray<string> ids) => _children.Add(new UsChild(Skip(), ids));

    public UsLayout ToLayout() => new(_at, _choices.ToImmutable(), _children.ToImmutable());
}
