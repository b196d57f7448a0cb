namespace Customer360.Rules.Quality;

/// <summary>How a check stands, from good to bad.</summary>
public enum QualityLevel
{
    Ok = 1,

    /// <summary>There is nothing to look at. That is not good: a source that has gone silent says nothing wrong.</summary>
    NoData = 2,

    Warning = 3,
    Failing = 4,
}

/// <summary>The words of answers and alerts.</summary>
public static class QualityLevels
{
    public static string WordOf(QualityLevel level) =>
        level switch
        {
            QualityLevel.Ok => "ok",
            QualityLevel.NoData => "noData",
            QualityLevel.Warning => "warning",
            _ => "failing",
        };

    public static QualityLevel? Parse(string word) =>
        word switch
        {
            "ok" => QualityLevel.Ok,
            "noData" => QualityLevel.NoData,
            "warning" => QualityLevel.Warning,
            "failing" => QualityLevel.Failing,
            _ => null,
        };
}
