using Customer360.Rules.Outcomes;

namespace Customer360.Api.Keys;

/// <summary>Why the keys were not changed: what is asked for does not fit what they are now.</summary>
public abstract record KeyRefusal(string Code, string Message) : Refusal(Code, Message);

public sealed record KeyNameTaken()
    : KeyRefusal("key_name_taken", "There is a key of this name. Rotate it for another secret, or delete it.");

public sealed record KeyRotationUnderWay()
    : KeyRefusal(
        "key_rotation_under_way",
        "Two secrets of this key are in use: the old one has not ended. Wait for its end, or rotate with overlapSeconds 0, "
            + "which ends both."
    );

public sealed record KeysTooMany(int KeysMax)
    : KeyRefusal("too_many_keys", $"The grid keeps {KeysMax} keys at most. Delete some that nobody uses.");
