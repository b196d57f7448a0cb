using Customer360.Silo.Start;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Customer360.Silo.Hosting;

/// <summary>
/// Options that are read from a section of the settings and checked at the start, so that a wrong or misspelt setting ends it
/// with a sentence that names it.
/// </summary>
public static class SettingsSection
{
    /// <param name="services">Where the options are added.</param>
    /// <param name="section">For example <c>Customer360:Grid</c>.</param>
    /// <param name="problem">Says what is wrong with the values, or null.</param>
    public static OptionsBuilder<T> AddSettings<T>(
        this IServiceCollection services,
        IConfigurationSection section,
        Func<T, string?> problem
    )
        where T : class
    {
        services.AddSingleton<IValidateOptions<T>>(new Validation<T>(problem));
        return services.AddOptions<T>().Configure(options => section.BindChecked(options)).ValidateOnStart();
    }

    /// <summary>Sets the properties of an object to the values of a section.</summary>
    /// <exception cref="StartRefusedException">A value does not fit its setting, or there is no such setting.</exception>
    internal static void BindChecked(this IConfigurationSection section, object target)
    {
        string[] known = [.. target.GetType().GetProperties().Where(one => one.CanWrite).Select(one => one.Name)];
        if (
            section.GetChildren().FirstOrDefault(one => !known.Contains(one.Key, StringComparer.OrdinalIgnoreCase)) is
            { } odd
        )
        {
            throw new StartRefusedException(
                $"There is no setting {odd.Path}; those of {section.Path} are {string.Join(", ", known)}."
            );
        }

        try
        {
            section.Bind(target);
        }
        catch (InvalidOperationException error)
        {
            // Its sentence names the setting, the value and the type.
            throw new StartRefusedException(error.Message, error);
        }
    }

    private sealed class Validation<T>(Func<T, string?> problem) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options) =>
            problem(options) is { } sentence ? ValidateOptionsResult.Fail(sentence) : ValidateOptionsResult.Success;
    }
}
