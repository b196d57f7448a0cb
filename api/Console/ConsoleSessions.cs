using System.Security.Cryptography;
using System.Text.Json;
using Customer360.Api.Security;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;

namespace Customer360.Api.Console;

/// <summary>
/// Sessions of people who use the console. The cookie holds, sealed, what its owner signed in with, and the end of the session; this process
/// keeps nothing of it. No script can read it, and no other site's page makes a browser send it.
/// </summary>
/// <remarks>
/// A session is no second way of letting anybody in: the key or token in it is judged anew at each request, by
/// <see cref="CallerFinder"/>, as if it stood in the header. So a key that is revoked ends its sessions at once.
/// </remarks>
internal sealed class ConsoleSessions(IDataProtectionProvider protection, ConsoleOptions options, TimeProvider time)
{
    private const string CookieName = "customer360-console";

    // A browser takes a cookie of this name only over TLS, from this host, for all its paths.
    private const string SecureCookieName = $"__Host-{CookieName}";

    private readonly IDataProtector _protector = protection.CreateProtector("Customer360.Console.Session.1");

    // A token may be longer than a cookie can be.
    private readonly ChunkingCookieManager _cookies = new();

    /// <summary>True where the request comes with a cookie of ours; whether it counts is not known yet.</summary>
    public static bool HasCookie(HttpRequest request) => request.Cookies.ContainsKey(NameOf(request));

    /// <summary>The session that the request belongs to; null where there is none, or none that counts any more.</summary>
    public ConsoleSession? Read(HttpContext context)
    {
        if (_cookies.GetRequestCookie(context, NameOf(context.Request)) is not { Length: > 0 } text)
        {
            return null;
        }

        try
        {
            ConsoleSession? session = JsonSerializer.Deserialize<ConsoleSession>(
                _protector.Unprotect(Convert.FromBase64String(text))
            );
            return session is not null && time.GetUtcNow() < session.EndsAt ? session : null;
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or JsonException)
        {
            // Not sealed by us, or with a key that is gone: as if there were no cookie.
            return null;
        }
    }

    /// <summary>Begins a session.</summary>
    /// <param name="context">The request that is answered with the cookie.</param>
    /// <param name="authorization">The header that the person's requests are to be judged by: <c>Bearer …</c>.</param>
    public ConsoleSession Begin(HttpContext context, string authorization)
    {
        DateTimeOffset end = time.GetUtcNow().AddHours(options.SessionHours);
        ConsoleSession session = new(authorization, end);
        _cookies.AppendResponseCookie(
            context,
            NameOf(context.Request),
            Convert.ToBase64String(_protector.Protect(JsonSerializer.SerializeToUtf8Bytes(session))),
            CookieOf(context.Request, end)
        );
        return session;
    }

    /// <summary>Takes the cookie back.</summary>
    public void End(HttpContext context) =>
        _cookies.DeleteCookie(context, NameOf(context.Request), CookieOf(context.Request, expires: null));

    private static string NameOf(HttpRequest request) => request.IsHttps ? SecureCookieName : CookieName;

    // Lax and not Strict: a link in a mail to a customer's page is to work, and whatever changes something asks for more than the cookie.
    private static CookieOptions CookieOf(HttpRequest request, DateTimeOffset? expires) =>
        new()
        {
            Path = "/",
            HttpOnly = true,
            Secure = request.IsHttps,
            SameSite = SameSiteMode.Lax,
            Expires = expires,
            IsEssential = true,
        };
}

/// <param name="Authorization">The value of the header that the session stands for.</param>
/// <param name="EndsAt">From then on it is none.</param>
internal sealed record ConsoleSession(string Authorization, DateTimeOffset EndsAt);
