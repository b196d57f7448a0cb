using System.Security.Cryptography;
using System.Text;

namespace Customer360.Rules.Events;

/// <summary>
/// Proves in a public source's message that the site knows its user: the HMAC-SHA256 of the user id with a secret that only
/// the site's server and the grid have, in hexadecimal digits. It stands in <c>context.userIdSignature</c>.
/// </summary>
/// <remarks>
/// Whoever has the signature can speak as that user, so no stored message holds it.
/// </remarks>
public static class UserIdSignature
{
    // Stands for a signature of another type; it is not one.
    private const string NoText = "none";

    /// <summary>The member of <c>context</c>.</summary>
    internal static ReadOnlySpan<byte> Member => "userIdSignature"u8;

    /// <summary>Compares in a time that tells nothing of the right signature.</summary>
    /// <param name="userId">
    /// In normal form. As it was sent would not do: a site that signs whatever name a visitor chooses would sign
    /// <c>jane</c> with an invisible character behind it, which is read as <c>jane</c>.
    /// </param>
    /// <param name="signature">As sent.</param>
    /// <param name="secret">The source's.</param>
    public static bool IsValid(string userId, string signature, ReadOnlySpan<byte> secret)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(userId), right);
        return signature.Length == given.Length * 2
            && Convert.FromHexString(signature, given, out _, out int written) == System.Buffers.OperationStatus.Done
            && written == given.Length
            && CryptographicOperations.FixedTimeEquals(given, right);
    }

    /// <summary>The signature that a message carries, or that its batch lends it; null where there is none.</summary>
    internal static string? Find(SentMessage message)
    {
        // Nearly no message has one; looking for the name's end costs less than looking for the member.
        if (message.Json.IndexOf("ignature"u8) < 0 && message.LentContext.IndexOf("ignature"u8) < 0)
        {
            return null;
        }

        JsonSlice context = SentMembers.Find(message.Json, "context"u8);
        return (context.IsObject ? FindIn(context.Of(message.Json)) : null)
            ?? (message.LentContext.IsEmpty ? null : FindIn(message.LentContext));
    }

    private static string? FindIn(ReadOnlySpan<byte> context)
    {
        JsonSlice signature = SentMembers.Find(context, Member);
        string? text = signature.IsPresent ? SentMembers.Text(context, signature) ?? NoText : null;
        return string.IsNullOrEmpty(text) ? null : text;
    }
}
