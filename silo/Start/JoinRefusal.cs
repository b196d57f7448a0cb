using Customer360.Silo.Hosting;
using Customer360.Storage.Postgres;

namespace Customer360.Silo.Start;

/// <summary>What an operator is told of a silo that can't be reached as this process is set.</summary>
internal static class JoinRefusal
{
    private const string Tls = "CUSTOMER360__CLUSTER__TLS";

    public static string Of(MemberRow member, SiloAnswer answer) =>
        answer.Found switch
        {
            SiloAnswer.Kind.HasTls =>
                $"The silo {member.Place} speaks TLS, and this process does not: give it a certificate of the cluster's authority "
                    + $"({Tls}__CERTIFICATE, __KEY, __AUTHORITY).",
            SiloAnswer.Kind.HasNoTls =>
                $"The silo {member.Place} speaks without TLS, and this process with it: all of a cluster have {Tls}__… set, or "
                    + "none.",
            SiloAnswer.Kind.IsForeign =>
                $"The certificate of the silo {member.Place} was not issued by an authority in {Tls}__AUTHORITY of this process: "
                    + "all of a cluster trust the same one.",
            SiloAnswer.Kind.RefusesUs =>
                $"The silo {member.Place} refuses the certificate of this process: {Tls}__CERTIFICATE must be issued by an "
                    + "authority that the other silos trust.",
            _ =>
                $"The silo {member.Place} runs, as it says in the database, and can't be reached from here ({answer.Cause}): check "
                    + "CUSTOMER360__CLUSTER__ADDRESS and SILOPORT there and here, and what is between them. If it is of another "
                    + $"cluster of the same name, {GridServices.ConnectionSetting} must name a database of its own.",
        };
}
