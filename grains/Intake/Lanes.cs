using Customer360.Grains.Contracts;
using Customer360.Rules.Events;

namespace Customer360.Grains;

/// <summary>
/// One lane per anchor with messages on their way, and the places that they may hold. The messages of an anchor wait for each
/// other, those of different anchors don't. Owned by a partition and used in its turns only.
/// </summary>
internal sealed class Lanes(GridOptions options, TimeProvider time)
{
    /// <summary>Those with messages, and idle ones that remember their owner.</summary>
    private readonly Dictionary<Identifier, Lane> _lanes = [];
    private readonly Queue<Lane> _ready = new();
    private int _running;
    private int _slow;
    private int _idle;

    /// <summary>Lanes that hold a place.</summary>
    public int Running => _running;

    /// <summary>Lanes that were given a place of their own since they took long.</summary>
    public int Slow => _slow;

    /// <summary>Lanes that wait for a place.</summary>
    public int Ready => _ready.Count;

    /// <summary>How many lanes the one just taken and those that may follow it are.</summary>
    public int WaveSize => 1 + Math.Min(_ready.Count, options.LanesMax - _running);

    /// <summary>The anchor's lane, or null where it has none.</summary>
    public Lane? Find(Identifier anchor) => _lanes.GetValueOrDefault(anchor);

    /// <summary>
    /// True where one anchor takes up its bound: its senders are asked to wait while its customer is slow, the others aren't.
    /// </summary>
    public bool IsFull(Identifier anchor) =>
        _lanes.TryGetValue(anchor, out Lane? lane) && lane.Count >= options.LaneMessagesMax;

    /// <summary>Puts a message into its lane.</summary>
    /// <param name="lane">The anchor's lane where the caller has found it; null: it is looked for.</param>
    public void Enqueue(Delivery delivery, Lane? lane = null)
    {
        Identifier anchor = delivery.Message.Envelope.Anchor;
        if (lane is null && !_lanes.TryGetValue(anchor, out lane))
        {
            lane = new Lane(anchor);
            _lanes.Add(anchor, lane);
        }

        if (lane.IsIdle)
        {
            lane.IsIdle = false;
            _idle -= lane.Owner is null ? 0 : 1;
            _ready.Enqueue(lane);
        }

        lane.Add(delivery);
    }

    /// <summary>The next waiting lane, with a place and with its messages taken up; null where none waits or no place is free.</summary>
    public Lane? TakeNext()
    {
        if (_running >= options.LanesMax || !_ready.TryDequeue(out Lane? lane))
        {
            return null;
        }

        _running++;
        lane.Place = LanePlace.Running;
        lane.Since = time.GetTimestamp();
        lane.TakeUp(options.ApplyMessagesMax);
        return lane;
    }

    /// <summary>Gives the lane's place back; a lane that has got messages meanwhile waits for its next turn.</summary>
    public void End(Lane lane)
    {
        GivePlaceBack(lane);
        if (lane.HasWaiting)
        {
            _ready.Enqueue(lane);
        }
        else if (lane.IsWorthKeeping)
        {
            lane.IsIdle = true;
            ForgetIdle();
        }
        else
        {
            _lanes.Remove(lane.Anchor);
        }
    }

    /// <summary>Gives the lane's place to others; it keeps its messages.</summary>
    public void GivePlaceBack(Lane lane)
    {
        if (lane.Place == LanePlace.Running)
        {
            _running--;
        }
        else if (lane.Place == LanePlace.Slow)
        {
            _slow--;
        }

        lane.Place = LanePlace.None;
    }

    /// <summary>A lane that has given its place back waits for one again.</summary>
    public void MakeReady(Lane lane) => _ready.Enqueue(lane);

    /// <summary>
    /// Where lanes wait for a place, those that have held one for long without getting anything done go on beside the others: a
    /// customer that does not answer holds its lane only.
    /// </summary>
    public void MoveSlowAside()
    {
        if (_ready.Count == 0)
        {
            return;
        }

        foreach (Lane lane in _lanes.Values)
        {
            if (
                lane.Place == LanePlace.Running
                && _slow < options.SlowLanesMax
                && time.GetElapsedTime(lane.Since) >= options.LaneTimeMax
            )
            {
                lane.Place = LanePlace.Slow;
                _running--;
                _slow++;
            }
        }
    }

    private void ForgetIdle()
    {
        _idle++;
        if (_idle <= options.KnownOwnersMax)
        {
            return;
        }

        foreach ((Identifier anchor, Lane lane) in _lanes)
        {
            if (lane.IsIdle)
            {
                _lanes.Remove(anchor);
            }
        }

        _idle = 0;
    }
}
