namespace Customer360.Rules.Attribution;

/// <inheritdoc cref="AttributionView.BrokenForms"/>
internal sealed class BrokenFormsView : ViewFold
{
    private const int SilentMin = 5;
    private const int FewerMin = 20;
    private const int ShareMin = 5;

    /// <summary>Names are the senders', so there may be any number of them; those beyond are one form.</summary>
    private const int FormsMax = 10_000;

    private const string Others = "(others)";

    /// <summary>A share that has risen so much has a cause.</summary>
    private const decimal RiseMin = 0.2m;

    private readonly SortedDictionary<(string Source, string Form), Sums> _forms = [];
    private readonly DateTimeOffset _from;
    private readonly DateTimeOffset _to;
    private readonly TimeSpan _back;

    public BrokenFormsView(ReconciliationScope scope, DateTimeOffset now)
    {
        _from = scope.From;
        _to = now < scope.To ? now : scope.To;
        // Whole weeks, so that a Monday stands beside a Monday.
        double weeks = Math.Ceiling((scope.To - scope.From).TotalDays / 7);
        // Whoever asks for all times there are has no weeks before them.
        double weeksBefore = Math.Floor((scope.From - DateTimeOffset.MinValue).TotalDays / 7);
        _back = TimeSpan.FromDays(7 * Math.Min(weeks, weeksBefore));
    }

    public override ViewSources Sources => ViewSources.Forms;

    public override DateTimeOffset FormsFrom => _from - _back;

    public override DateTimeOffset FormsTo => _to;

    public override void Take(SentForm form)
    {
        bool isNow = form.ReceivedAt >= _from && form.ReceivedAt < _to;
        if (!isNow && (form.ReceivedAt < _from - _back || form.ReceivedAt >= _to - _back))
        {
            return;
        }

        (string, string) key = (form.Source, form.Form);
        if (_forms.Count >= FormsMax && !_forms.ContainsKey(key))
        {
            key = (form.Source, Others);
        }

        if (!_forms.TryGetValue(key, out Sums? sums))
        {
            _forms[key] = sums = new Sums();
        }

        (isNow ? sums.Now : sums.Before).Take(form);
        sums.People.Meet(form.Anchor.ToString());
    }

    public override ViewReport Report() =>
        new(
            [.. _forms.SelectMany(one => RowsOf(one.Key, one.Value)).OrderBy(row => row.Name, StringComparer.Ordinal)],
            []
        );

    private static IEnumerable<ViewRow> RowsOf((string Source, string Form) form, Sums sums)
    {
        if (sums.Before.Sent >= SilentMin && sums.Now.Sent == 0)
        {
            yield return Row("form_silent", form, sums);
        }
        else if (sums.Before.Sent >= FewerMin && sums.Now.Sent * 4 < sums.Before.Sent)
        {
            yield return Row("form_fewer", form, sums);
        }

        if (HasRisen(sums, one => one.WithoutIdentifier))
        {
            yield return Row(
                "form_without_identifiers",
                form,
                sums,
                new("shareBefore", Rate(sums.Before.WithoutIdentifier, sums.Before.Sent)),
                new("share", Rate(sums.Now.WithoutIdentifier, sums.Now.Sent))
            );
        }

        if (HasRisen(sums, one => one.WithoutCampaign))
        {
            yield return Row(
                "form_without_campaign",
                form,
                sums,
                new("shareBefore", Rate(sums.Before.WithoutCampaign, sums.Before.Sent)),
                new("share", Rate(sums.Now.WithoutCampaign, sums.Now.Sent))
            );
        }
    }

    /// <summary>A form that is new has nothing to be compared with.</summary>
    private static bool HasRisen(Sums sums, Func<Counts, long> without) =>
        sums.Now.Sent >= ShareMin
        && sums.Before.Sent >= ShareMin
        && ((decimal)without(sums.Now) / sums.Now.Sent) - ((decimal)without(sums.Before) / sums.Before.Sent) >= RiseMin;

    private static ViewRow Row(
        string reason,
        (string Source, string Form) form,
        Sums sums,
        params KeyValuePair<string, string>[] more
    ) =>
        new(
            $"{reason}: {form.Source} / {form.Form}",
            null,
            [new("submissionsBefore", Count(sums.Before.Sent)), new("submissions", Count(sums.Now.Sent)), .. more]
        )
        {
            IsFew = sums.People.AreFew,
        };

    private sealed class Sums
    {
        public Counts Before { get; } = new();

        public Counts Now { get; } = new();

        public AttributionViews.People People { get; } = new();
    }

    private sealed class Counts
    {
        public long Sent { get; private set; }

        public long WithoutIdentifier { get; private set; }

        public long WithoutCampaign { get; private set; }

        public void Take(SentForm form)
        {
            Sent++;
            WithoutIdentifier += form.HasIdentifier ? 0 : 1;
            WithoutCampaign += form.HasCampaign ? 0 : 1;
        }
    }
}
