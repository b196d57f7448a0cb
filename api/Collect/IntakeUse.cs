namespace Customer360.Api.Collect;

/// <summary>What somebody has under way.</summary>
internal readonly record struct IntakeUse(long Bytes, int Requests)
{
    public bool FitsIn(IntakeUse room) => Bytes <= room.Bytes && Requests <= room.Requests;

    public static IntakeUse operator +(IntakeUse left, IntakeUse right) =>
        new(left.Bytes + right.Bytes, left.Requests + right.Requests);

    public static IntakeUse operator -(IntakeUse left, IntakeUse right) => left + -right;

    public static IntakeUse operator -(IntakeUse use) => new(-use.Bytes, -use.Requests);
}
