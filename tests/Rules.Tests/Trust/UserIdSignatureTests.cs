using System.Security.Cryptography;
using System.Text;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using static Customer360.Rules.Tests.Events.Messages;

namespace Customer360.Rules.Tests.Trust;

/// <summary>A signed user id lifts a public source's claim; nothing else does.</summary>
public sealed class UserIdSignatureTests
{
    private const string Secret = "a-secret-of-the-site-and-the-grid";

    internal static string Sign(string userId, string secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(userId)));

    /// <summary>The vector that every implementation of HMAC-SHA256 is tested with.</summary>
    [Fact]
    public void Signature_OfKnownInput_IsValid() =>
        Assert.True(
            UserIdSignature.IsValid(
                "The quick brown fox jumps over the lazy dog",
                "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
                "key"u8
            )
        );

    [Theory]
    [InlineData("\"jane\"", "jane")]
    [InlineData("1234", "1234")]
    [InlineData("1234.0", "1234")]
    [InlineData("\" jane\\u200b\"", "jane")]
    [InlineData("\"j\\u00fc\"", "j\u00FC")]
    public void Message_WithASignedUserId_IsSigned(string userId, string signed)
    {
        Envelope envelope = Accept(Message(userId, Sign(signed, Secret)), Public);

        Assert.Equal(StatementTrust.Signed, envelope.Trust);
        Assert.Empty(envelope.LeftOut);
        Assert.Equal(StatementTrust.Signed, EnvelopeReader.FromJson(envelope.Json).Trust);
        Assert.Equal(
            StatementTrust.Signed,
            LoggedIdentifiers.Read(envelope.Json.Span, IdentityRules.Default, Events.Messages.Phones).Trust
        );
        Assert.Equal(StatementTrust.Signed, Reader.ReadAgain(envelope).Value!.Trust);
    }

    [Fact]
    public void Signature_InCapitals_IsValid() =>
        Assert.Equal(
            StatementTrust.Signed,
            Accept(Message("\"jane\"", Sign("jane", Secret).ToUpperInvariant()), Public).Trust
        );

    /// <summary>The message is taken, and counts as one without a signature.</summary>
    [Theory]
    [InlineData("john")]
    [InlineData("")]
    [InlineData("jane\u200B")]
    public void Message_WithAnothersSignature_IsAClaimAndSaysSo(string signed)
    {
        Envelope envelope = Accept(Message("\"jane\"", Sign(signed, Secret)), Public);

        Assert.Equal(StatementTrust.Claimed, envelope.Trust);
        Assert.Equal(["context:wrong_signature"], LeftOut(envelope));
        Assert.Equal(["user_id:jane"], IdsOf(envelope));
    }

    [Theory]
    [InlineData("\"00\"")]
    [InlineData("\"not hexadecimal\"")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("12")]
    public void Message_WithNoSignatureInItsPlace_IsAClaimAndSaysSo(string signature)
    {
        Envelope envelope = Accept(
            $$"""{"type":"page","userId":"jane","context":{"userIdSignature":{{signature}} } }""",
            Public
        );

        Assert.Equal(StatementTrust.Claimed, envelope.Trust);
        Assert.Equal(["context:wrong_signature"], LeftOut(envelope));
    }

    [Theory]
    [InlineData("")]
    [InlineData(
        """
            ,"context":{}
            """
    )]
    [InlineData(
        """
            ,"context":{"userIdSignature":""}
            """
    )]
    [InlineData(
        """
            ,"context":{"userIdSignature":null}
            """
    )]
    public void Message_WithoutASignature_IsAClaim(string context)
    {
        Envelope envelope = Accept($$"""{"type":"page","userId":"jane"{{context}}}""", Public);

        Assert.Equal(StatementTrust.Claimed, envelope.Trust);
        Assert.Empty(envelope.LeftOut);
    }

    /// <summary>A signature is the user's: a message without her id has none to prove, and other secrets prove nothing.</summary>
    [Fact]
    public void Message_WhoseUserIdCannotBeProven_IsAClaim()
    {
        string signature = Sign("jane", Secret);
        Assert.All(
            [
                Accept(
                    $$"""{"type":"page","anonymousId":"jane","context":{"userIdSignature":"{{signature}}"} }""",
                    Public
                ),
                Accept(Message("\"jane\"", signature), Public with { SigningSecret = default }),
                Accept(Message("\"jane\"", signature), Public with { SigningSecret = "another"u8.ToArray() }),
            ],
            envelope =>
            {
                Assert.Equal(StatementTrust.Claimed, envelope.Trust);
                Assert.Equal(["context:wrong_signature"], LeftOut(envelope));
            }
        );
    }

    [Fact]
    public void Message_OfAServer_IsTrustedWithoutASignature()
    {
        Envelope envelope = Accept(Message("\"jane\"", "whatever"));

        Assert.Equal(StatementTrust.Trusted, envelope.Trust);
        Assert.Empty(envelope.LeftOut);
        Assert.DoesNotContain("\"trust\"", Text(envelope.Json), StringComparison.Ordinal);
    }

    /// <summary>It is a credential: whoever reads the log could speak as that user.</summary>
    [Theory]
    [InlineData("""{"type":"page","userId":"jane","context":{"userIdSignature":"SECRET","ip":"1.2.3.4"}}""")]
    [InlineData("""{"type":"page","userId":"jane","context":{"ip":"1.2.3.4", "userIdSignature" : "SECRET"}}""")]
    [InlineData(
        """{"type":"page","userId":"jane","context":{"userIdSignature":"a","ip":"1.2.3.4","userIdSignature":"SECRET"}}"""
    )]
    [InlineData("""{"type":"page","userId":"jane","context":{"ip":"1.2.3.4","userId\u0053ignature":"SECRET"}}""")]
    [InlineData("""{"type":"page","userId":"jane","context":{"ip":"1.2.3.4","userIdSignatur\u0065":{"a":"SECRET"}}}""")]
    public void Signature_OfAnyMessage_IsStoredNowhere(string message)
    {
        foreach (MessageContext context in (MessageContext[])[Context, Public])
        {
            string stored = Text(Accept(message, context).Json);

            Assert.DoesNotContain("SECRET", stored, StringComparison.Ordinal);
            Assert.DoesNotContain("userIdSignature", stored, StringComparison.Ordinal);
            Assert.Contains("\"context\":{\"ip\":\"1.2.3.4\"}", stored, StringComparison.Ordinal);
        }
    }

    /// <summary>A batch lends its signature; the message's own stands above it.</summary>
    [Fact]
    public void Signature_OfABatch_IsLent()
    {
        string jane = Sign("jane", Secret);
        using SentBody body = SentBody.OfBatch(
            Encoding.UTF8.GetBytes(
                $$$"""
                {"context":{"userIdSignature":"{{{jane}}}","ip":"1.2.3.4"},"batch":[
                  {"type":"page","userId":"jane"},
                  {"type":"page","userId":"john"},
                  {"type":"page","userId":"john","context":{"userIdSignature":"{{{Sign("john", Secret)}}}"}},
                  {"type":"page","userId":"jane","context":null}]}
                """
            )
        );

        Assert.Equal(
            [StatementTrust.Signed, StatementTrust.Claimed, StatementTrust.Signed, StatementTrust.Signed],
            Enumerable.Range(0, 4).Select(index => Reader.Read(body[index], Public).Value!.Trust)
        );
        Assert.All(
            Enumerable.Range(0, 4).Select(index => Text(Reader.Read(body[index], Public).Value!.Json)),
            stored => Assert.DoesNotContain(jane, stored, StringComparison.Ordinal)
        );
    }

    /// <summary>Messages of before trust was noted are read as they were then.</summary>
    [Fact]
    public void Envelope_OfAnOlderRelease_IsTrusted()
    {
        byte[] stored = Encoding.UTF8.GetBytes(
            """{"messageId":"m","type":"identify","source":"web","timestamp":"2026-11-22T10:00:00.000Z","receivedAt":"2026-11-22T10:00:01.000Z","identifiers":[{"type":"user_id","value":"jane"}],"message":{"userId":"jane"}}"""
        );

        Assert.Equal(StatementTrust.Trusted, EnvelopeReader.FromJson(stored).Trust);
        Assert.Equal(
            StatementTrust.Trusted,
            LoggedIdentifiers.Read(stored, IdentityRules.Default, Events.Messages.Phones).Trust
        );
    }

    private static MessageContext Public { get; } =
        Context with
        {
            Trust = SourceTrust.Public,
            SigningSecret = Encoding.UTF8.GetBytes(Secret),
        };

    private static string Message(string userId, string signature) =>
        $$$"""{"type":"page","userId":{{{userId}}},"context":{"userIdSignature":"{{{signature}}}"} }""";
}
