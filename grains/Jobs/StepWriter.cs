using System.Collections.Immutable;
using System.Text.Json;

namespace Customer360.Grains;

/// <summary>Gathers steps to pages, and has each page written down, done, and written down as done.</summary>
internal sealed class StepWriter
{
    private readonly StepJournal _journal;
    private readonly StepRunner _runner;
    private readonly JobPace _pace;
    private readonly Action<CutOverStep> _ended;
    private readonly List<CutOverStep> _page = [];

    private StepWriter(StepJournal journal, StepRunner runner, JobPace pace, Action<CutOverStep> ended)
    {
        _journal = journal;
        _runner = runner;
        _pace = pace;
        _ended = ended;
    }

    /// <summary>Steps so far.</summary>
    public int Count { get; private set; }

    /// <summary>The number of the page that is being gathered: part of its steps' ids, so that no two are alike.</summary>
    public int Page => _journal.Pages;

    /// <summary>Reads what was done before, and ends what was begun.</summary>
    /// <param name="ended">Told each step that has ended, those of before first.</param>
    public static async Task<StepWriter> Resume(
        JobTools tools,
        string jobId,
        StepRunner runner,
        JobPace pace,
        Action<CutOverStep> ended
    )
    {
        var writer = new StepWriter(new StepJournal(tools.States, jobId), runner, pace, ended);
        ImmutableArray<CutOverStep> open = [];
        await foreach (ImmutableArray<CutOverStep> page in writer._journal.Recall())
        {
            await pace.Rest();
            open = page.Any(step => step.Outcome == StepOutcome.Pending) ? page : [];
            if (open.IsEmpty)
            {
                writer.Take(page);
            }
        }

        if (!open.IsEmpty)
        {
            await writer.Do(open);
        }

        return writer;
    }

    /// <summary>Takes a step; it is done when the page is full, or at <see cref="Flush"/>.</summary>
    public async Task Add(CutOverStep step)
    {
        _page.Add(step);
        if (_page.Count == StepJournal.PageSteps)
        {
            await Flush();
        }
    }

    /// <summary>Has the steps that were gathered done, so that later ones find the grid as these leave it.</summary>
    public async Task Flush()
    {
        if (_page.Count > 0)
        {
            ImmutableArray<CutOverStep> steps = [.. _page];
            _page.Clear();
            await Append(steps);
        }
    }

    /// <summary>Has these steps done as a page of their own, also where there are none.</summary>
    public async Task Append(ImmutableArray<CutOverStep> steps)
    {
        await _pace.Storage(Written(_journal.Open(steps)));
        await Do(steps);
    }

    private async Task Do(ImmutableArray<CutOverStep> steps)
    {
        ImmutableArray<CutOverStep> ended = await _pace.Storage(_runner.Run(steps));
        if (!steps.IsEmpty)
        {
            await _pace.Storage(Written(_journal.Close(ended)));
        }

        Take(ended);
        await _pace.Rest();
    }

    private void Take(ImmutableArray<CutOverStep> ended)
    {
        Count += ended.Length;
        foreach (CutOverStep step in ended)
        {
            _ended(step);
        }
    }

    private static async Task<bool> Written(Task write)
    {
        await write;
        return true;
    }
}

/// <summary>Counts steps for a report.</summary>
internal sealed class StepTally
{
    private readonly Dictionary<StepKind, int> _done = [];
    private readonly HashSet<string> _customers = new(StringComparer.Ordinal);
    private int _changed;
    private int _refused;

    /// <summary>Of customers that the dry run had not named.</summary>
    public int Unforeseen { get; private set; }

    public void Count(CutOverStep step)
    {
        _customers.Add(step.CustomerId);
        _customers.Add(step.OtherCustomerId ?? "");
        Unforeseen += step.IsForeseen ? 0 : 1;
        _changed += step.Outcome == StepOutcome.Changed ? 1 : 0;
        _refused += step.Outcome == StepOutcome.Refused ? 1 : 0;
        if (step.Outcome == StepOutcome.Done)
        {
            _done[step.Kind] = _done.GetValueOrDefault(step.Kind) + 1;
        }
    }

    /// <summary>True where a step was about the customer.</summary>
    public bool Concerns(string customerId) => _customers.Contains(customerId);

    /// <summary><c>"merged","split","linked","quarantined","released","changed","refused"</c>: how many.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("merged"u8, Done(StepKind.Merge) + Done(StepKind.Rejoin));
        writer.WriteNumber("split"u8, Done(StepKind.Split) + Done(StepKind.UndoMerge));
        writer.WriteNumber("linked"u8, Done(StepKind.Link));
        writer.WriteNumber("unlinked"u8, Done(StepKind.Unlink));
        writer.WriteNumber("quarantined"u8, Done(StepKind.Quarantine));
        writer.WriteNumber("released"u8, Done(StepKind.Release));
        writer.WriteNumber("changed"u8, _changed);
        writer.WriteNumber("refused"u8, _refused);
    }

    private int Done(StepKind kind) => _done.GetValueOrDefault(kind);
}
