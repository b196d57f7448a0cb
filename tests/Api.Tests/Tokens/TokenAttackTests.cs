using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Customer360.Api.Tests.Support;
using Microsoft.IdentityModel.Tokens;

namespace Customer360.Api.Tests.Tokens;

/// <summary>
/// Tokens that somebody has tampered with. Each differs in one thing from one that is taken, so what is refused is that thing.
/// </summary>
public sealed class TokenAttackTests(TokenAttackTests.World world) : IClassFixture<TokenAttackTests.World>
{
    private static readonly string[] s_paths =
    [
        "/v1/profiles/user_id:u-1",
        "/v1/spaces/s/collections/users/profiles/user_id:u-1/traits",
    ];

    private readonly Provider _provider = world.Provider;
    private readonly ProfilesHost _host = world.Host;

    /// <summary>Without it every test here could pass for a reason that it does not name.</summary>
    [Fact]
    public async Task Token_ThatNobodyHasTouched_IsTaken()
    {
        await AssertTaken(new RawToken(_provider));
        await AssertTaken(With(token => token.Claims["aud"] = new[] { "other", Provider.Audience }));
        await AssertTaken(With(token => token.Claims["exp"] = RawToken.Now.AddSeconds(-15).ToUnixTimeSeconds()));
        await AssertTaken(With(token => token.Header.Remove("kid")));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("nOnE")]
    [InlineData("")]
    public async Task Token_ThatNamesNoAlgorithm_IsRefused(string algorithm)
    {
        await AssertRefused(With(token => token.Header["alg"] = algorithm));
        await AssertRefused(
            With(token =>
            {
                token.Header["alg"] = algorithm;
                token.Sign = _ => [];
            })
        );
    }

    /// <summary>The public key is known to all: where it is taken for a shared secret, anybody can sign.</summary>
    [Fact]
    public async Task Token_SignedWithThePublicKeyAsASecret_IsRefused()
    {
        RSA key = _provider.Key;
        byte[][] secrets =
        [
            Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()),
            Encoding.ASCII.GetBytes(key.ExportRSAPublicKeyPem()),
            key.ExportSubjectPublicKeyInfo(),
            key.ExportParameters(false).Modulus!,
        ];
        foreach (byte[] secret in secrets)
        {
            await AssertRefused(
                With(token =>
                {
                    token.Header["alg"] = "HS256";
                    token.Sign = data => HMACSHA256.HashData(secret, data);
                })
            );
        }
    }

    [Theory]
    [InlineData("RS512")]
    [InlineData("RS384")]
    public async Task Token_OfAnAlgorithmThatIsNotConfigured_IsRefused(string algorithm)
    {
        HashAlgorithmName hash = algorithm == "RS512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA384;
        await AssertRefused(
            With(token =>
            {
                token.Header["alg"] = algorithm;
                token.Sign = data => _provider.Key.SignData(data, hash, RSASignaturePadding.Pkcs1);
            })
        );
    }

    [Theory]
    [InlineData("iss", "https://evil.example.com/")]
    [InlineData("aud", "other")]
    [InlineData("aud", "Customer360")]
    [InlineData("aud", "customer360 ")]
    [InlineData("aud", null)]
    [InlineData("iss", null)]
    [InlineData("exp", null)]
    [InlineData("sub", null)]
    [InlineData("sub", "")]
    [InlineData("sub", "ann\nINFO a line of my own")]
    [InlineData("sub", "ann\u2028INFO a line of my own")]
    [InlineData("nonce", "n-1")]
    [InlineData("at_hash", "h")]
    [InlineData("c_hash", "h")]
    [InlineData("token_use", "id")]
    [InlineData("typ", "ID")]
    [InlineData("cnf", "bound to a key")]
    public async Task Token_WithAClaimThatDoesNotFit_IsRefused(string claim, string? value) =>
        await AssertRefused(
            With(token =>
            {
                token.Claims.Remove(claim);
                if (value is not null)
                {
                    token.Claims[claim] = value;
                }
            })
        );

    [Fact]
    public async Task Token_OfAnIssuerThatDiffersInASlash_IsRefused() =>
        await AssertRefused(With(token => token.Claims["iss"] = _provider.Issuer.TrimEnd('/')));

    [Theory]
    [InlineData("exp", -31)]
    [InlineData("exp", -100_000)]
    [InlineData("nbf", 60)]
    public async Task Token_OutsideItsTime_IsRefused(string claim, int seconds) =>
        await AssertRefused(
            With(token => token.Claims[claim] = TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds())
        );

    [Theory]
    [InlineData("typ", "JWT")]
    [InlineData("typ", null)]
    [InlineData("typ", "id+jwt")]
    [InlineData("kid", "../../../../../../dev/null")]
    [InlineData("kid", "' UNION SELECT 'secret")]
    [InlineData("kid", "http://127.0.0.1:1/key")]
    [InlineData("kid", "")]
    [InlineData("cty", "JWT")]
    [InlineData("crit", "exp")]
    public async Task Token_WithAHeaderThatDoesNotFit_IsRefused(string name, string? value) =>
        await AssertRefused(
            With(token =>
            {
                token.Header.Remove(name);
                if (value is not null)
                {
                    token.Header[name] = name == "crit" ? new[] { value } : value;
                }
            })
        );

    /// <summary>The token brings a key, or says where one is. It is not asked for, and counts for nothing.</summary>
    [Theory]
    [InlineData("jwk", true)]
    [InlineData("jwk", false)]
    [InlineData("jku", true)]
    [InlineData("x5u", false)]
    [InlineData("x5c", false)]
    public async Task Token_ThatBringsItsOwnKey_IsRefusedAndNobodyIsAsked(string name, bool withKeyId)
    {
        using var own = RSA.Create(2048);
        await using Provider elsewhere = await Provider.Start();
        RSAParameters parameters = own.ExportParameters(includePrivateParameters: false);
        await AssertRefused(
            With(token =>
            {
                if (!withKeyId)
                {
                    token.Header.Remove("kid");
                }

                token.Header[name] = name switch
                {
                    "jwk" => new Dictionary<string, string>(StringComparer.Ordinal)
                    {
                        ["kty"] = "RSA",
                        ["kid"] = _provider.KeyId,
                        ["n"] = Base64UrlEncoder.Encode(parameters.Modulus!),
                        ["e"] = Base64UrlEncoder.Encode(parameters.Exponent!),
                    },
                    "x5c" => new[] { Convert.ToBase64String(own.ExportSubjectPublicKeyInfo()) },
                    _ => $"{elsewhere.Issuer}.well-known/jwks",
                };
                token.Sign = data => own.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            })
        );
        Assert.Equal(0, elsewhere.KeyReads);
    }

    [Fact]
    public async Task Token_WithANameTwice_IsRefused()
    {
        var whole = new RawToken(_provider);
        string claims = JsonSerializer.Serialize(whole.Claims);
        string header = JsonSerializer.Serialize(whole.Header);

        await AssertRefused(With(token => token.ClaimsJson = $$"""{"sub":"bob",{{claims[1..]}}"""));
        await AssertRefused(With(token => token.ClaimsJson = $$"""{{claims[..^1]}},"roles":["grid-admins"]}"""));
        await AssertRefused(With(token => token.HeaderJson = $$"""{"alg":"RS256",{{header[1..]}}"""));
    }

    [Theory]
    [InlineData("eyJ")]
    [InlineData("eyJ.")]
    [InlineData("eyJ..")]
    [InlineData("eyJ...")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.AAAA.AAAA.AAAA")]
    [InlineData("eyJ%00.%00.%00")]
    public async Task Text_ThatOnlyBeginsAsAToken_IsRefused(string text) => await AssertRefused(text);

    [Fact]
    public async Task Token_OfWhichAPartWasChanged_IsRefused()
    {
        string whole = new RawToken(_provider).ToString();
        string[] parts = whole.Split('.');
        string promoted = new RawToken(_provider) { Claims = { ["roles"] = new[] { "grid-admins", "grid-readers" } } }
            .ToString()
            .Split('.')[1];

        await AssertRefused($"{parts[0]}.{promoted}.{parts[2]}");
        await AssertRefused($"{parts[0]}.{parts[1]}.{parts[2][..^8]}");
        await AssertRefused($"{parts[0]}.{parts[1]}");
        await AssertRefused($"{parts[0]}.{parts[1]}.");
    }

    [Fact]
    public async Task Token_OfMoreThanSixteenKilobytes_IsRefusedThoughItsSignatureIsRight()
    {
        await AssertTaken(With(token => token.Claims["note"] = new string('x', 8_000)));
        await AssertRefused(With(token => token.Claims["note"] = new string('x', 14_000)));
    }

    /// <summary>The server reads so much of a header and no more; it goes on serving.</summary>
    [Fact]
    public async Task Token_OfEightMegabytes_IsCutOffAndHarmsNobody()
    {
        string header =
            $"GET /v1/profiles/user_id:u-1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer eyJ{new string('a', 8_000_000)}.e30.x\r\n\r\n";

        string answer;
        try
        {
            answer = await Wire.SendRawAsync(
                _host.Client.BaseAddress!,
                Encoding.ASCII.GetBytes(header),
                closeAfterSending: true
            );
        }
        catch (IOException error) when (error.InnerException is SocketException)
        {
            // Cut off while it was still sent.
            answer = "";
        }

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 431", StringComparison.Ordinal), answer);
        await AssertTaken(new RawToken(_provider));
    }

    /// <summary>Where a provider does not mark access tokens, an id token is known by its claims.</summary>
    [Fact]
    public async Task IdToken_WhereTheProviderMarksNone_IsRefusedAllTheSame()
    {
        await using ProfilesHost host = await TokenTests.Start(_provider, types: "JWT");
        RawToken access = With(token => token.Header["typ"] = "JWT");
        RawToken id = With(token =>
        {
            token.Header["typ"] = "JWT";
            token.Claims["nonce"] = "n-1";
        });

        Assert.Equal(200, (int)(await TokenTests.Get(host, s_paths[0], access.ToString())).StatusCode);
        Assert.Equal(401, (int)(await TokenTests.Get(host, s_paths[0], id.ToString())).StatusCode);
    }

    private RawToken With(Action<RawToken> change)
    {
        var token = new RawToken(_provider);
        change(token);
        return token;
    }

    private async Task AssertTaken(RawToken token)
    {
        foreach (string path in s_paths)
        {
            HttpResponseMessage response = await TokenTests.Get(_host, path, token.ToString());
            Assert.True((int)response.StatusCode == 200, $"{path} answered {(int)response.StatusCode}.");
        }
    }

    private Task AssertRefused(RawToken token) => AssertRefused(token.ToString());

    private async Task AssertRefused(string token)
    {
        foreach (string path in s_paths)
        {
            HttpResponseMessage response = await TokenTests.Get(_host, path, token);
            Assert.True((int)response.StatusCode == 401, $"{path} answered {(int)response.StatusCode} to {token}.");
        }

        await (await TokenTests.Get(_host, s_paths[0], token)).AssertProblemAsync(401, "key_unknown");
    }

    /// <summary>A provider and a host for all attacks: none of them changes anything.</summary>
    public sealed class World : IAsyncLifetime
    {
        internal Provider Provider { get; private set; } = null!;

        internal ProfilesHost Host { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Provider = await Provider.Start();
            Host = await TokenTests.Start(Provider);
        }

        public async Task DisposeAsync()
        {
            await Host.DisposeAsync();
            await Provider.DisposeAsync();
        }
    }
}
