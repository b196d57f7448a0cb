using System.Globalization;
using Customer360.Rules.Leads;

namespace Customer360.Rules.Attribution;

/// <summary>What a view is made of.</summary>
[Flags]
public enum ViewSources
{
    None = 0,
    Conversions = 1,

    /// <summary>Leads, before conversions.</summary>
    Leads = 2,

    /// <summary>Forms that were sent, as the log has them.</summary>
    Forms = 4,
}

/// <summary>Adds up what a view is about. It takes what it asks for one by one.</summary>
public abstract class ViewFold
{
    public virtual ViewSources Sources => ViewSources.Conversions;

    /// <summary>Of forms: from when on they are looked at.</summary>
    public virtual DateTimeOffset FormsFrom => DateTimeOffset.MaxValue;

    /// <summary>Of forms: until when; exclusive.</summary>
    public virtual DateTimeOffset FormsTo => DateTimeOffset.MinValue;

    public virtual void Take(ConversionFile file, ConversionDefinition definition) { }

    public virtual void Take(LeadFile lead) { }

    public virtual void Take(SentForm form) { }

    /// <summary>Asked once.</summary>
    public abstract ViewReport Report();

    protected static string Rate(decimal part, decimal whole) =>
        whole == 0 ? "0.0000" : decimal.Round(part / whole, 4).ToString("0.0000", CultureInfo.InvariantCulture);

    protected static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);
}
