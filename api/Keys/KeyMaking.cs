using System.Security.Cryptography;
using System.Text;
using Customer360.Grains.Contracts;
using Customer360.Rules.Keys;

namespace Customer360.Api.Keys;

/// <summary>A secret that was made now: its text, which is shown once and kept nowhere, and what is kept.</summary>
internal sealed record KeyMaking(string Text, KeyMade Kept)
{
    public static KeyMaking Make(string role)
    {
        string text = KeyText.Make(role, RandomNumberGenerator.GetBytes(KeyText.RandomBytes));
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
        return new KeyMaking(text, new KeyMade(KeyText.IdOf(text), digest));
    }
}
