using System.Collections.Frozen;
using Customer360.Rules.Destinations;

namespace Customer360.Grains;

/// <summary>The wires of a node, by kind.</summary>
public sealed class DestinationWires(IEnumerable<IDestinationWire> wires)
{
    private readonly FrozenDictionary<DestinationKind, IDestinationWire> _wires = wires.ToFrozenDictionary(wire =>
        wire.Kind
    );

    public IDestinationWire Of(DestinationKind kind) => _wires[kind];
}
