namespace Customer360.Rules.Events;

/// <summary>The call that a message was sent with (Segment's spec names). Numbers are stored; never reuse one.</summary>
public enum EventKind
{
    Identify = 1,
    Track = 2,
    Page = 3,
    Screen = 4,
    Group = 5,
    Alias = 6,
}
