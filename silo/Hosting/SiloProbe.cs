using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Customer360.Storage.Postgres;

namespace Customer360.Silo.Hosting;

/// <summary>What a silo answers to somebody who connects to it.</summary>
/// <param name="Found">What was found.</param>
/// <param name="Cause">Why it was not reached; empty where it was.</param>
internal readonly record struct SiloAnswer(SiloAnswer.Kind Found, string Cause = "")
{
    internal enum Kind
    {
        /// <summary>It speaks as we do.</summary>
        Reached,

        /// <summary>Nobody answers, or not in time.</summary>
        Away,

        /// <summary>It speaks without TLS, and we with it.</summary>
        HasNoTls,

        /// <summary>It speaks TLS, and we without.</summary>
        HasTls,

        /// <summary>Its certificate is not of an authority of ours.</summary>
        IsForeign,

        /// <summary>It has refused our certificate.</summary>
        RefusesUs,
    }
}

/// <summary>
/// Connects to a silo the way Orleans would, up to the first byte. Orleans tells only that a silo did not answer; what an
/// operator needs is whether the way is blocked, or the certificates don't fit.
/// </summary>
internal sealed class SiloProbe(ClusterTls? tls, TimeProvider time)
{
    // A silo sends its greeting at once; one that waits for TLS stays silent.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    public async Task<SiloAnswer> Ask(MemberRow member, CancellationToken cancellationToken)
    {
        try
        {
            return tls is null
                ? await AskPlainly(member, cancellationToken)
                : await AskWithTls(tls, member, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SiloAnswer(SiloAnswer.Kind.Away, "no answer in time");
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return new SiloAnswer(SiloAnswer.Kind.Away, error.Message);
        }
    }

    private async Task<SiloAnswer> AskPlainly(MemberRow member, CancellationToken cancellationToken)
    {
        using (TcpClient client = await Connect(member, cancellationToken))
        {
            try
            {
                return await Greets(client.GetStream(), cancellationToken)
                    ? new SiloAnswer(SiloAnswer.Kind.Reached)
                    : new SiloAnswer(SiloAnswer.Kind.Away, "the connection was closed");
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Silent: it may be stopped, or wait for TLS.
            }
        }

        bool showed = false;
        using TcpClient second = await Connect(member, cancellationToken);
        await using var stream = new SslStream(second.GetStream());
        try
        {
            await Authenticate(
                stream,
                new SslClientAuthenticationOptions
                {
                    RemoteCertificateValidationCallback = (_, _, _, _) => showed = true,
                },
                cancellationToken
            );
        }
        catch (Exception error)
            when (showed && error is AuthenticationException or IOException or OperationCanceledException)
        {
            // It refuses us without a certificate, and has shown its own: that is all there was to learn.
        }

        return showed
            ? new SiloAnswer(SiloAnswer.Kind.HasTls)
            : new SiloAnswer(SiloAnswer.Kind.Away, "no answer in time");
    }

    private async Task<SiloAnswer> AskWithTls(ClusterTls own, MemberRow member, CancellationToken cancellationToken)
    {
        bool? trusted = null;
        using TcpClient client = await Connect(member, cancellationToken);
        await using var stream = new SslStream(client.GetStream());
        try
        {
            await Authenticate(stream, own.AsClient(isTrusted => trusted = isTrusted), cancellationToken);
        }
        catch (AuthenticationException)
        {
            return new SiloAnswer(
                trusted switch
                {
                    null => SiloAnswer.Kind.HasNoTls,
                    false => SiloAnswer.Kind.IsForeign,
                    true => SiloAnswer.Kind.RefusesUs,
                }
            );
        }

        try
        {
            // With TLS 1.3 the other side looks at our certificate after the handshake has ended for us.
            return await Greets(stream, cancellationToken)
                ? new SiloAnswer(SiloAnswer.Kind.Reached)
                : new SiloAnswer(SiloAnswer.Kind.RefusesUs);
        }
        catch (Exception error) when (error is IOException or AuthenticationException)
        {
            return new SiloAnswer(SiloAnswer.Kind.RefusesUs);
        }
    }

    private Task<TcpClient> Connect(MemberRow member, CancellationToken cancellationToken) =>
        InTime(
            async inTime =>
            {
                var client = new TcpClient();
                try
                {
                    await client.ConnectAsync(member.Address, member.Port, inTime);
                    return client;
                }
                catch
                {
                    client.Dispose();
                    throw;
                }
            },
            cancellationToken
        );

    private Task<bool> Authenticate(
        SslStream stream,
        SslClientAuthenticationOptions options,
        CancellationToken cancellationToken
    ) =>
        InTime(
            async inTime =>
            {
                await stream.AuthenticateAsClientAsync(options, inTime);
                return true;
            },
            cancellationToken
        );

    private Task<bool> Greets(Stream stream, CancellationToken cancellationToken) =>
        InTime(async inTime => await stream.ReadAsync(new byte[1], inTime) > 0, cancellationToken);

    private async Task<T> InTime<T>(Func<CancellationToken, Task<T>> act, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        return await act(either.Token);
    }
}
