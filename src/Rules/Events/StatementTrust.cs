namespace Customer360.Rules.Events;

/// <summary>How far a source is believed.</summary>
public enum SourceTrust
{
    /// <summary>Only servers of the company hold its key. What it states is taken as checked.</summary>
    Server = 0,

    /// <summary>Its key stands in browsers and apps, where anybody can read it. What it states is claimed.</summary>
    Public = 1,
}

/// <summary>How far the statements of one message are believed. It is stored with the message.</summary>
public enum StatementTrust
{
    /// <summary>A server's; also of messages that were stored before trust was noted, because then everything was believed.</summary>
    Trusted = 0,

    /// <summary>
    /// A public source's, with a signature that proves the user id (<see cref="UserIdSignature"/>). It is that user's own word,
    /// and believed as if her site's server had passed it on.
    /// </summary>
    Signed = 1,

    /// <summary>A public source's: anybody may have sent it.</summary>
    Claimed = 2,

    /// <summary>
    /// An officer's, at the person's request (<see cref="Correction"/>): it stands against everything that was said before it. No key
    /// can send it.
    /// </summary>
    Corrected = 3,
}

/// <summary>The words for <see cref="StatementTrust"/> in stored messages, profiles and receipts.</summary>
public static class StatementTrusts
{
    public static string Text(StatementTrust trust) =>
        trust switch
        {
            StatementTrust.Trusted => "trusted",
            StatementTrust.Signed => "signed",
            StatementTrust.Claimed => "claimed",
            StatementTrust.Corrected => "corrected",
            _ => throw new ArgumentOutOfRangeException(nameof(trust), trust, "An unknown trust."),
        };

    /// <summary>Null for another word.</summary>
    internal static StatementTrust? Parse(ReadOnlySpan<byte> word) =>
        word switch
        {
            _ when word.SequenceEqual("trusted"u8) => StatementTrust.Trusted,
            _ when word.SequenceEqual("signed"u8) => StatementTrust.Signed,
            _ when word.SequenceEqual("claimed"u8) => StatementTrust.Claimed,
            _ when word.SequenceEqual("corrected"u8) => StatementTrust.Corrected,
            _ => null,
        };
}
