using System.Collections.Immutable;

namespace Customer360.Rules.Policies;

/// <summary>
/// The history of a kind of policy and what is proposed: who may put what in force, decided without I/O. Immutable. A command
/// that is repeated, because its answer was lost, changes nothing and is answered as before.
/// </summary>
public sealed record PolicyLedger
{
    /// <summary>Entries at most; the oldest go first. What was done stays in the records of the steps.</summary>
    public const int EntriesMax = 1_000;

    /// <summary>Open proposals at most.</summary>
    public const int ProposalsMax = 20;

    /// <summary>The oldest first; the last one is in force.</summary>
    public ImmutableArray<PolicyEntry> Entries { get; init; } = [];

    /// <summary>What waits for an approval, the oldest first; each replaces what is in force.</summary>
    public ImmutableArray<PolicyProposal> Proposals { get; init; } = [];

    /// <summary>The release's way to understand the policy (<see cref="PolicyKind.Release"/>); null: none has said so yet.</summary>
    public string? Release { get; init; }

    /// <summary>The version of the file that was last taken at a start; null: none ever was.</summary>
    public string? FileVersion { get; init; }

    /// <summary>The number of the last step.</summary>
    public long Steps { get; init; }

    /// <summary>Steps that are not yet handed on to the audit. Written with what they changed, so none is lost or false.</summary>
    public ImmutableArray<PolicyStep> Unrecorded { get; init; } = [];

    /// <summary>The entry in force; null while the built-in policy is.</summary>
    public PolicyEntry? Current => Entries.IsEmpty ? null : Entries[^1];

    public long Number => Current?.Number ?? 0;

    public long Epoch => Current?.Epoch ?? 0;

    /// <summary>The latest entry with a version, or null.</summary>
    public PolicyEntry? Find(string version) => Entries.LastOrDefault(entry => entry.Version == version);

    /// <summary>Brings a policy: it is put in force, or proposed where the kind needs four eyes.</summary>
    public PolicyDecision Submit(PolicySubmission what, PolicyTerms terms)
    {
        // Before the condition: what is in force already, to the byte, was put there by an earlier try.
        if (Current is { } current && current.Version == what.Version && current.TextId == what.TextId)
        {
            return new PolicyDecision(this);
        }

        // A file counts once. A node that still has the file of before, or is started again, changes nothing.
        if (what.Action == PolicyAction.File && HasHad(what.Version))
        {
            return new PolicyDecision(this);
        }

        string inForce = VersionInForce(terms);
        if (!what.IfInForce.IsEmpty && !what.IfInForce.Contains(inForce, StringComparer.Ordinal))
        {
            return new PolicyDecision(this) { Objection = PolicyObjection.Replaced };
        }

        // Whoever sets a grid up decides what it begins with, as with what is built in. After that a file is a proposal.
        bool isFirstFile = what.Action == PolicyAction.File && Current is null;
        if (terms.NeedsFourEyes && !isFirstFile)
        {
            return what.Action is PolicyAction.Put or PolicyAction.File
                ? Propose(what, inForce)
                : new PolicyDecision(this) { Objection = PolicyObjection.ApprovalNeeded };
        }

        var entry = new PolicyEntry(Number + 1, what.Version, what.TextId, what.At, what.By, what.Action, inForce);
        return new PolicyDecision(With(entry, what.KeepsGround, PolicyStepKind.InForce, what.By));
    }

    /// <summary>
    /// Proposes a policy, whether or not the kind needs four eyes: somebody else has to approve it before it counts.
    /// </summary>
    public PolicyDecision Propose(PolicySubmission what, PolicyTerms terms)
    {
        if (Current is { } current && current.Version == what.Version && current.TextId == what.TextId)
        {
            return new PolicyDecision(this);
        }

        string inForce = VersionInForce(terms);
        return what.IfInForce.IsEmpty || what.IfInForce.Contains(inForce, StringComparer.Ordinal)
            ? Propose(what, inForce)
            : new PolicyDecision(this) { Objection = PolicyObjection.Replaced };
    }

    /// <summary>Puts a proposal in force.</summary>
    public PolicyDecision Approve(PolicyApproval approval, PolicyTerms terms)
    {
        bool isDone =
            Current is { Action: PolicyAction.Approved } current
            && current.Version == approval.Version
            && current.Replaces == approval.Replaces
            && current.ApprovedBy == approval.By;
        if (isDone)
        {
            return new PolicyDecision(this);
        }

        string inForce = VersionInForce(terms);
        bool isMeant = approval.IfInForce.IsEmpty || approval.IfInForce.Contains(inForce, StringComparer.Ordinal);
        if (approval.Replaces != inForce || !isMeant)
        {
            return new PolicyDecision(this) { Objection = PolicyObjection.Replaced };
        }

        if (Proposals.FirstOrDefault(one => one.Version == approval.Version) is not { } proposal)
        {
            return new PolicyDecision(this) { Objection = PolicyObjection.NotProposed };
        }

        if (proposal.By == approval.By)
        {
            return new PolicyDecision(this) { Objection = PolicyObjection.OwnProposal };
        }

        var entry = new PolicyEntry(
            Number + 1,
            proposal.Version,
            proposal.TextId,
            approval.At,
            proposal.By,
            PolicyAction.Approved,
            inForce
        )
        {
            ApprovedBy = approval.By,
            ApprovedAt = approval.At,
        };
        return new PolicyDecision(With(entry, approval.KeepsGround, PolicyStepKind.Approved, approval.By));
    }

    /// <summary>
    /// Puts an earlier version in force again, as a new entry. It was approved when it was put in force, and that approval is
    /// the new entry's as well.
    /// </summary>
    public PolicyDecision RollBack(PolicyRollBack back, PolicyTerms terms)
    {
        PolicyEntry? entry = Find(back.Version);
        if (entry is null && back.Version != terms.BuiltInVersion)
        {
            return new PolicyDecision(this) { Objection = PolicyObjection.NeverInForce };
        }

        string textId = entry?.TextId ?? terms.BuiltInTextId;
        string inForce = VersionInForce(terms);
        if ((Current?.TextId ?? terms.BuiltInTextId) == textId)
        {
            return new PolicyDecision(this);
        }

        if (!back.IfInForce.IsEmpty && !back.IfInForce.Contains(inForce, StringComparer.Ordinal))
        {
            return new PolicyDecision(this) { Objection = PolicyObjection.Replaced };
        }

        var added = new PolicyEntry(Number + 1, back.Becomes, textId, back.At, back.By, PolicyAction.RollBack, inForce)
        {
            RollBackTo = entry?.Number ?? 0,
            ApprovedBy = entry?.ApprovedBy,
            ApprovedAt = entry?.ApprovedAt,
        };
        return new PolicyDecision(With(added, back.KeepsGround, PolicyStepKind.RolledBack, back.By));
    }

    /// <summary>
    /// Takes over how a release understands the policy. Where that is otherwise than what is stored was written with, the
    /// change gets a number and begins an epoch, as a change of the policy would.
    /// </summary>
    /// <param name="release">See <see cref="PolicyKind.Release"/>.</param>
    /// <param name="version">The version of what is in force, as that release reads it.</param>
    /// <param name="hasData">False of a store in which nothing can stand elsewhere, being empty.</param>
    /// <param name="at">Now.</param>
    /// <param name="terms">The kind's.</param>
    public PolicyLedger Follow(string release, string version, bool hasData, DateTimeOffset at, PolicyTerms terms)
    {
        if (Release == release)
        {
            return this;
        }

        if (Release is null && Entries.IsEmpty && !hasData)
        {
            return this with { Release = release };
        }

        // Who has no policy of his own follows what is built in, also into the next release.
        bool isBuiltIn = Current is null or { Action: PolicyAction.BuiltIn };
        var entry = new PolicyEntry(
            Number + 1,
            isBuiltIn ? terms.BuiltInVersion : version,
            isBuiltIn ? terms.BuiltInTextId : Current!.TextId,
            at,
            By: "release",
            isBuiltIn ? PolicyAction.BuiltIn : PolicyAction.Release,
            VersionInForce(terms)
        )
        {
            ApprovedBy = Current?.ApprovedBy,
            ApprovedAt = Current?.ApprovedAt,
        };
        return (this with { Release = release }).With(entry, keepsGround: false, PolicyStepKind.InForce, entry.By);
    }

    /// <summary>The ledger without the steps that the audit has.</summary>
    public PolicyLedger Recorded(ImmutableArray<PolicyStep> steps) =>
        this with
        {
            Unrecorded = Unrecorded.RemoveAll(step => steps.Contains(step)),
        };

    private string VersionInForce(PolicyTerms terms) => Current?.Version ?? terms.BuiltInVersion;

    private bool HasHad(string version) =>
        version == FileVersion || Find(version) is not null || Proposals.Any(one => one.Version == version);

    private PolicyDecision Propose(PolicySubmission what, string inForce)
    {
        if (Proposals.FirstOrDefault(one => one.Version == what.Version) is { } open)
        {
            if (open.TextId == what.TextId)
            {
                return new PolicyDecision(this) { Proposed = open };
            }

            // The same policy with other comments: the last text counts, and who brought it is who proposes.
            PolicyLedger without = this with
            {
                Proposals = Proposals.Remove(open),
            };
            return without.Propose(what, inForce);
        }

        if (Proposals.Length >= ProposalsMax)
        {
            return new PolicyDecision(this) { Objection = PolicyObjection.TooManyProposals };
        }

        var proposal = new PolicyProposal(what.Version, what.TextId, what.At, what.By, inForce);
        PolicyLedger next = this with
        {
            Proposals = Proposals.Add(proposal),
            FileVersion = what.Action == PolicyAction.File ? what.Version : FileVersion,
        };
        return new PolicyDecision(
            next.Noting(PolicyStepKind.Proposed, what.By, what.At, what.Version, what.TextId, inForce)
        )
        {
            Proposed = proposal,
        };
    }

    /// <summary>
    /// What was proposed in place of the version before is dropped: nobody may approve what would replace another policy than
    /// its author looked at.
    /// </summary>
    private PolicyLedger With(PolicyEntry entry, bool keepsGround, PolicyStepKind step, string by)
    {
        PolicyEntry numbered = entry with { Epoch = keepsGround ? Epoch : entry.Number, Release = Release ?? "" };
        int first = Math.Max(0, Entries.Length + 1 - EntriesMax);
        PolicyLedger next = this with
        {
            Entries = Entries.Add(numbered)[first..],
            Proposals = [],
            FileVersion = entry.Action == PolicyAction.File ? entry.Version : FileVersion,
        };
        next = next.Noting(step, by, entry.At, entry.Version, entry.TextId, entry.Replaces);
        foreach (PolicyProposal dropped in Proposals.Where(one => one.Version != entry.Version))
        {
            next = next.Noting(PolicyStepKind.Dropped, by, entry.At, dropped.Version, dropped.TextId, dropped.Replaces);
        }

        return next;
    }

    private PolicyLedger Noting(
        PolicyStepKind kind,
        string by,
        DateTimeOffset at,
        string version,
        string textId,
        string replaces
    ) =>
        this with
        {
            Steps = Steps + 1,
            Unrecorded = Unrecorded.Add(new PolicyStep(Steps + 1, kind, at, by, version, textId, replaces)),
        };
}
