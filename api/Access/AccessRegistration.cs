using Customer360.Api.Security;
using Customer360.Rules.Access;
using Microsoft.Extensions.Options;

namespace Customer360.Api.Access;

/// <summary>Wires who sees what into the host.</summary>
public static class AccessRegistration
{
    public static void AddAccess(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
            MaskKeyFile.Of(
                provider.GetRequiredService<IOptions<AccessOptions>>().Value,
                provider.GetRequiredService<IConfiguration>()
            )
        );
        services.AddSingleton<AccessFaults>();
        services.AddSingleton<AccessTables>();
        services.AddSingleton<CallerCursors>();
    }
}
