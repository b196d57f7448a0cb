using Customer360.Silo.Start;

namespace Customer360.Api.Hosting;

/// <summary>A setting keeps the process from starting. The message names the setting and what would be right.</summary>
public sealed class SettingInvalidException : StartRefusedException
{
    public SettingInvalidException() { }

    public SettingInvalidException(string message)
        : base(message) { }

    public SettingInvalidException(string message, Exception innerException)
        : base(message, innerException) { }
}
