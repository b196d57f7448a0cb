using Customer360.Api.Http;

namespace Customer360.Api.Collect;

/// <summary>What a request has been given by <see cref="IntakeGate"/>. Used by that request alone.</summary>
public sealed class IntakePlace : IBodyRoom, IDisposable
{
    private readonly IntakeGate _gate;
    private IntakeCaller _caller;
    private int _bytes;
    private bool _isLeft;

    internal IntakePlace(IntakeGate gate, IntakeCaller caller, int bytes) =>
        (_gate, _caller, _bytes) = (gate, caller, bytes);

    /// <summary>The body takes more than it had.</summary>
    public bool TryGrow(int bytes)
    {
        if (!_gate.TryGrow(_caller, _bytes, bytes))
        {
            return false;
        }

        _bytes += bytes;
        return true;
    }

    /// <summary>A key was found in the body: from now on the request is that caller's.</summary>
    public bool TryMoveTo(IntakeCaller caller)
    {
        if (!_gate.TryMove(_caller, caller, _bytes))
        {
            return false;
        }

        _caller = caller;
        return true;
    }

    public void Dispose()
    {
        if (!_isLeft)
        {
            _isLeft = true;
            _gate.Leave(_caller, _bytes);
        }
    }
}
