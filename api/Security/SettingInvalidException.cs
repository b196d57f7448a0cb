namespace Customer360.Api.Security;

/// <summary>A setting keeps the process from starting. The message names the setting and what would be right.</summary>
public sealed class SettingInvalidException : Exception
{
    public SettingInvalidException() { }

    public SettingInvalidException(string message)
        : base(message) { }

    public SettingInvalidException(string message, Exception innerException)
        : base(message, innerException) { }
}
