using System.Net;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Customer360.Api.Security.Tokens;

/// <summary>What is known of the key that a token was signed with.</summary>
internal enum KeyStanding
{
    Known,

    /// <summary>The provider does not publish it.</summary>
    Unknown,

    /// <summary>The provider may publish it, and can't be asked: nobody can say what the token is worth.</summary>
    Away,
}

/// <summary>The public keys of the OpenID provider, as it publishes them: read when they are needed, and kept.</summary>
/// <remarks>
/// The library's own reader answers the first token of a new key with 401 and asks for the keys afterwards; SDKs throw away what is
/// answered 401. Here a request whose token names an unknown key waits until the keys were read after it came. However many
/// such requests there are, the provider is asked once in <see cref="Pause"/>. Keys that were read once count until the provider
/// publishes others: while it is away, its tokens go on to be taken.
/// </remarks>
internal sealed partial class IssuerKeys(TokenOptions options, TimeProvider time, ILogger<IssuerKeys> logger)
    : IConfigurationManager<OpenIdConnectConfiguration>,
        IDisposable
{
    /// <summary>The provider is asked no more often than this.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Keys that are older are read anew behind a request, so that one that the provider took back goes.</summary>
    internal static readonly TimeSpan AgeMax = TimeSpan.FromMinutes(10);

    private const int WaitingMax = 256;
    private const int AnswerBytesMax = 256 * 1024;
    private const int RsaBitsMin = 2048;

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = true,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        }
    )
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = AnswerBytesMax,
    };

    private readonly Lock _lock = new();
    private OpenIdConnectConfiguration? _known;
    private Task _reading = Task.CompletedTask;
    private long _readingBegan;
    private long _knownSince;
    private bool _wasTried;
    private volatile bool _isAway;
    private int _waiting;

    /// <summary>True of an address that keys may be read from: with TLS, or on this machine.</summary>
    public static bool MayAsk(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    /// <summary>Sees that the key is known by which a token can be judged.</summary>
    /// <param name="keyId">The key that the token names; null: it names none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<KeyStanding> Prepare(string? keyId, CancellationToken cancellationToken)
    {
        OpenIdConnectConfiguration? known = Volatile.Read(ref _known);
        if (known is not null && (keyId is null || Has(known, keyId)))
        {
            if (time.GetElapsedTime(Volatile.Read(ref _knownSince)) > AgeMax)
            {
                _ = TryBegin(time.GetTimestamp(), out _, out _);
            }

            return KeyStanding.Known;
        }

        if (Interlocked.Increment(ref _waiting) > WaitingMax)
        {
            Interlocked.Decrement(ref _waiting);
            return KeyStanding.Away;
        }

        try
        {
            await ReadSince(time.GetTimestamp(), cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        known = Volatile.Read(ref _known);
        return known is not null && (keyId is null || Has(known, keyId)) ? KeyStanding.Known
            : _isAway ? KeyStanding.Away
            : KeyStanding.Unknown;
    }

    /// <summary>The last good keys. <see cref="Prepare"/> has seen that there are some.</summary>
    public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel) =>
        Task.FromResult(
            Volatile.Read(ref _known) ?? throw new InvalidOperationException("The provider's keys were not asked for.")
        );

    /// <summary>Asked by the library when a token fails; <see cref="Prepare"/> has done what can be done.</summary>
    public void RequestRefresh() { }

    public void Dispose() => _http.Dispose();

    private static bool Has(OpenIdConnectConfiguration known, string keyId) =>
        known.SigningKeys.Any(key => string.Equals(key.KeyId, keyId, StringComparison.Ordinal));

    /// <summary>Completes when a reading has ended that began after a moment.</summary>
    private async Task ReadSince(long moment, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryBegin(moment, out Task reading, out TimeSpan wait))
            {
                await reading.WaitAsync(cancellationToken);
                return;
            }

            await Task.Delay(wait, time, cancellationToken);
        }
    }

    /// <summary>
    /// Finds the reading that began after a moment, and begins it now if need be. False where it is too early for another one: try
    /// again after <paramref name="wait"/>.
    /// </summary>
    private bool TryBegin(long moment, out Task reading, out TimeSpan wait)
    {
        lock (_lock)
        {
            wait = TimeSpan.Zero;
            reading = _reading;
            if (_wasTried && _readingBegan >= moment)
            {
                return true;
            }

            TimeSpan since = time.GetElapsedTime(_readingBegan);
            if (!_reading.IsCompleted || (_wasTried && since < Pause))
            {
                wait = since < Pause ? Pause - since : TimeSpan.FromMilliseconds(50);
                return false;
            }

            _wasTried = true;
            _readingBegan = time.GetTimestamp();
            _reading = Read();
            reading = _reading;
            return true;
        }
    }

    private async Task Read()
    {
        try
        {
            OpenIdConnectConfiguration read = await Fetch();
            Volatile.Write(ref _known, read);
            Volatile.Write(ref _knownSince, time.GetTimestamp());
            _isAway = false;
            LogRead(read.SigningKeys.Count);
        }
        catch (Exception error)
            when (error
                    is HttpRequestException
                        or OperationCanceledException
                        or IOException
                        or InvalidDataException
                        or ArgumentException
                        or System.Text.Json.JsonException
            )
        {
            _isAway = true;
            // The last good keys go on to count. The message of our own tells what does not fit; others' may hold addresses.
            LogNotRead(error is InvalidDataException ? error.Message : error.GetType().Name);
        }
    }

    private async Task<OpenIdConnectConfiguration> Fetch()
    {
        string issuer = options.Issuer!;
        var configuration = OpenIdConnectConfiguration.Create(
            await Get($"{issuer.TrimEnd('/')}/.well-known/openid-configuration")
        );
        if (!string.Equals(configuration.Issuer, issuer, StringComparison.Ordinal))
        {
            throw new InvalidDataException("its description names another issuer");
        }

        if (configuration.JwksUri is not { } address || !MayAsk(address))
        {
            throw new InvalidDataException("the address of its keys is missing, or is without TLS");
        }

        configuration.JsonWebKeySet = new JsonWebKeySet(await Get(address));
        foreach (SecurityKey key in configuration.JsonWebKeySet.GetSigningKeys().Where(IsGood))
        {
            configuration.SigningKeys.Add(key);
        }

        return configuration.SigningKeys.Count > 0
            ? configuration
            : throw new InvalidDataException("it publishes no key that can be used");
    }

    /// <summary>Public keys that are long enough; a secret that is shared is none, whatever the provider publishes.</summary>
    private static bool IsGood(SecurityKey key) =>
        key switch
        {
            JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.RSA } rsa => rsa.KeySize >= RsaBitsMin,
            JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve } => true,
            RsaSecurityKey or X509SecurityKey => key.KeySize >= RsaBitsMin,
            ECDsaSecurityKey => true,
            _ => false,
        };

    private async Task<string> Get(string address)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(address));
        return response.StatusCode == HttpStatusCode.OK
            ? await response.Content.ReadAsStringAsync()
            : throw new InvalidDataException($"it answers {(int)response.StatusCode}");
    }

    [LoggerMessage(421, LogLevel.Information, "The OpenID provider's keys were read; they are {Count}.")]
    private partial void LogRead(int count);

    [LoggerMessage(
        422,
        LogLevel.Warning,
        "The OpenID provider's keys can't be read ({Cause}). Those that are known go on to count."
    )]
    private partial void LogNotRead(string cause);
}
