namespace Customer360.Api.Security;

/// <summary>Wires keys and access rules into the host.</summary>
public static class AccessRegistration
{
    public static void AddAccess(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton(services =>
            ReadKeys(services.GetRequiredService<IConfiguration>(), services.GetRequiredService<IHostEnvironment>())
        );

    /// <exception cref="SettingInvalidException">The keys of the settings can't be used: the process must not start.</exception>
    public static void UseAccess(this WebApplication app)
    {
        // Asked for now, so wrong keys end the start and not the first request.
        _ = app.Services.GetRequiredService<ApiKeys>();
        app.UseMiddleware<AccessMiddleware>();
    }

    private static ApiKeys ReadKeys(IConfiguration configuration, IHostEnvironment environment)
    {
        IReadOnlyList<(ApiKey, byte[])> keys = KeySettings.Read(configuration);
        if (keys.Count == 0)
        {
            if (!environment.IsDevelopment())
            {
                throw new SettingInvalidException(
                    "No key is configured. Set CUSTOMER360__KEYS__0__NAME, CUSTOMER360__KEYS__0__KEY and "
                        + "CUSTOMER360__KEYS__0__ROLES__0 (collect, read or admin). "
                        + "Only ASPNETCORE_ENVIRONMENT=Development makes keys by itself."
                );
            }

            keys = KeySettings.Read(DevelopmentKeys.ReadOrMake(DataFolder.Of(configuration), Console.Out));
        }

        return new ApiKeys(keys);
    }
}
