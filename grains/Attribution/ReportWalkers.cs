using Customer360.Rules.Accounts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Leads;

namespace Customer360.Grains;

/// <summary>Takes what a report's walk comes by.</summary>
internal interface IReportWalker
{
    ViewSources Sources { get; }

    bool WantsDeals { get; }

    DateTimeOffset FormsFrom { get; }

    DateTimeOffset FormsTo { get; }

    /// <summary>What it keeps in memory, counted.</summary>
    long KeptCount { get; }

    void Take(ConversionFile file, ConversionDefinition definition);

    void Take(Opportunity deal);

    void Take(LeadFile lead);

    void Take(SentForm form);
}

/// <summary>Reconciliations, one for each model.</summary>
internal sealed class WalkedSums(Reconciliation[] all) : IReportWalker
{
    public ViewSources Sources => ViewSources.Conversions;

    public bool WantsDeals => true;

    public DateTimeOffset FormsFrom => DateTimeOffset.MaxValue;

    public DateTimeOffset FormsTo => DateTimeOffset.MinValue;

    public long KeptCount => all.Sum(one => (long)one.KeptCount);

    public void Take(ConversionFile file, ConversionDefinition definition)
    {
        foreach (Reconciliation one in all)
        {
            one.Take(file);
        }
    }

    public void Take(Opportunity deal)
    {
        foreach (Reconciliation one in all)
        {
            one.Take(deal);
        }
    }

    public void Take(LeadFile lead) { }

    public void Take(SentForm form) { }
}

/// <summary>A view.</summary>
internal sealed class WalkedView(ViewFold view) : IReportWalker
{
    private long _taken;

    public ViewSources Sources => view.Sources;

    public bool WantsDeals => false;

    public DateTimeOffset FormsFrom => view.FormsFrom;

    public DateTimeOffset FormsTo => view.FormsTo;

    public long KeptCount => _taken;

    public void Take(ConversionFile file, ConversionDefinition definition)
    {
        _taken++;
        view.Take(file, definition);
    }

    public void Take(Opportunity deal) { }

    public void Take(LeadFile lead)
    {
        _taken++;
        view.Take(lead);
    }

    public void Take(SentForm form)
    {
        _taken++;
        view.Take(form);
    }
}
