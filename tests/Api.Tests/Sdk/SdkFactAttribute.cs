namespace Customer360.Api.Tests.Sdk;

/// <summary>
/// A fact that needs Node and the packages of tests/Sdk. Where they are missing it is skipped with the reason; on CI it
/// runs, and fails with the reason.
/// </summary>
public sealed class SdkFactAttribute : FactAttribute
{
    public SdkFactAttribute() => Skip = SdkScript.IsOnCi ? null : SdkScript.Missing();
}

/// <summary>A fact that needs Chromium too.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = SdkScript.IsOnCi ? null : SdkScript.Missing() ?? SdkScript.MissingBrowser();
}
