using Customer360.EmbeddedEngine.Runtime;

namespace Orleans.Runtime;

/// <summary>
/// Stands for a grain on the caller's side. Generated code derives a class per grain interface. Two references to the
/// same grain are equal.
/// </summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private readonly IdSpan _key;

    /// <summary>For generated code.</summary>
    protected GrainReference(GrainReferenceBinding binding, IdSpan key)
    {
        Binding = binding;
        _key = key;
    }

    /// <summary>The grain's id.</summary>
    public GrainId GrainId => new(Binding.Class.GrainType, _key);

    /// <summary>The interface that this reference was made for.</summary>
    public GrainInterfaceType InterfaceType => Binding.InterfaceType;

    /// <summary>The interface's name.</summary>
    public string InterfaceName => InterfaceType.ToString();

    internal GrainReferenceBinding Binding { get; }

    internal IdSpan Key => _key;

    /// <summary>
    /// Where the last call went; saves the look-up. Racy on purpose: any value that was once right is either still right or
    /// an activation that knows it has ended and hands requests on.
    /// </summary>
    internal Activation? LastActivation { get; set; }

    /// <summary>A reference to the same grain as another interface.</summary>
    public virtual TGrainInterface Cast<TGrainInterface>()
        where TGrainInterface : IAddressable => (TGrainInterface)CastTo(typeof(TGrainInterface));

    internal object CastTo(Type interfaceType) =>
        Binding.Engine.Catalog.MakeReference(interfaceType, Binding.Class, _key);

    /// <inheritdoc />
    public bool Equals(GrainReference? other) => other is not null && GrainId.Equals(other.GrainId);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc />
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <inheritdoc />
    public sealed override string ToString() => $"GrainReference:{GrainId}:{InterfaceType}";

    public static bool operator ==(GrainReference? left, GrainReference? right) =>
        left is null ? right is null : left.Equals(right);

    public static bool operator !=(GrainReference? left, GrainReference? right) => !(left == right);

    /// <summary>For generated code: sends a call that gives a value.</summary>
    protected Task<TResult> SendAsync<TResult>(
        GrainFunctionRequest<TResult> request,
        CancellationToken cancellationToken = default
    )
    {
        var engine = Binding.Engine;
        return engine.OutgoingFilters.Length == 0
            ? engine.Send(this, request, cancellationToken).Task
            : OutgoingCall.SendAsync(this, request, cancellationToken);
    }

    /// <summary>For generated code: sends a call that gives no value.</summary>
    protected Task SendAsync(GrainActionRequest request, CancellationToken cancellationToken = default)
    {
        var engine = Binding.Engine;
        if (engine.OutgoingFilters.Length != 0)
        {
            return OutgoingCall.SendAsync(this, request, cancellationToken);
        }

        engine.Send(this, request, cancellationToken);
        return request.Method.IsOneWay ? Task.CompletedTask : request.Task;
    }

    /// <summary>For generated code: sends a call whose end nobody waits for.</summary>
    protected void Send(GrainActionRequest request) => _ = SendAsync(request);

    /// <summary>For generated code: a call that gives a sequence. Nothing is sent until it is enumerated.</summary>
    protected IAsyncEnumerable<TItem> Enumerate<TItem>(
        GrainEnumerationRequest<TItem> request,
        CancellationToken cancellationToken = default
    ) => new GrainEnumeration<TItem>(this, request, cancellationToken);
}
