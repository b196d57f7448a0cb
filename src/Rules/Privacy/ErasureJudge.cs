namespace Customer360.Rules.Privacy;

/// <summary>
/// What becomes of the log in an erasure: messages of an erased anchor go, mentions in other people's messages are taken out, all
/// else stays byte for byte.
/// </summary>
public sealed class ErasureJudge(ErasureTargets targets) : ILogJudge
{
    private readonly HashSet<string> _mentioning = new(StringComparer.Ordinal);

    /// <summary>Hands over the anchors whose messages had a mention since it was last asked: what they were folded into has it, too.</summary>
    public IReadOnlyCollection<string> TakeMentioning()
    {
        string[] taken = [.. _mentioning];
        _mentioning.Clear();
        return taken;
    }

    public LogVerdict Judge(string anchor, DateTimeOffset at, ReadOnlySpan<byte> payload)
    {
        if (targets.ContainsText(anchor))
        {
            return LogVerdict.Remove;
        }

        if (EnvelopeRedaction.Redact(payload, targets) is not { } redacted)
        {
            return LogVerdict.Keep;
        }

        _mentioning.Add(anchor);
        return LogVerdict.Replace(redacted);
    }
}
