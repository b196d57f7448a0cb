using System.Collections.Immutable;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Routing;

namespace Customer360.Rules.Leads;

/// <summary>
/// What becomes of a lead by a command. A pure state machine: the same command on the same lead gives the same, and a command that
/// has been carried out changes nothing.
/// </summary>
public static partial class LeadRules
{
    public static Outcome<LeadStep> Apply(LeadState lead, LeadCommand command, LeadTerms terms)
    {
        // What a CRM said, and how doubles are joined and parted, counts of a closed lead, too.
        if (
            !lead.IsOpen
            && command
                is not (
                    LeadCommand.WrittenToCrm
                    or LeadCommand.RefusedByCrm
                    or LeadCommand.CloseAsDuplicate
                    or LeadCommand.Restore
                    or LeadCommand.AdoptClock
                    or LeadCommand.ReleaseClock
                    or LeadCommand.Close
                )
        )
        {
            return IsPast(lead, command) ? Same(lead) : new LeadNotOpen();
        }

        return command switch
        {
            LeadCommand.Offer offer => Offer(lead, offer, terms),
            LeadCommand.Enqueue enqueue => Enqueue(lead, enqueue, terms),
            LeadCommand.Hold hold => Hold(lead, hold, terms),
            LeadCommand.Accept accept => Accept(lead, accept, terms),
            LeadCommand.Reject reject => Reject(lead, reject, terms),
            LeadCommand.Reassign reassign => Reassign(lead, reassign, terms),
            LeadCommand.Remind remind => Remind(lead, remind, terms),
            LeadCommand.Escalate escalate => Escalate(lead, escalate, terms),
            LeadCommand.TimeOut timeOut => TimeOut(lead, timeOut, terms),
            LeadCommand.WrittenToCrm written => Write(
                lead,
                written,
                written.System,
                new CrmWrite(true, written.At, written.RecordId, null),
                terms
            ),
            LeadCommand.RefusedByCrm refused => Write(
                lead,
                refused,
                refused.System,
                new CrmWrite(false, refused.At, null, refused.Code),
                terms
            ),
            LeadCommand.Close close => Close(lead, close, terms),
            LeadCommand.CloseAsDuplicate close => LeadLinks.Close(lead, close, CalendarOf(lead, terms)),
            LeadCommand.AdoptClock adopt => LeadLinks.Adopt(lead, adopt),
            LeadCommand.Restore restore => LeadLinks.Restore(lead, restore),
            LeadCommand.ReleaseClock release => LeadLinks.Release(lead, release),
            _ => throw new ArgumentException("There is no such command.", nameof(command)),
        };
    }

    internal static Outcome<LeadStep> Same(LeadState lead) => new LeadStep(lead, []);

    private static LeadEvent Event(LeadEventKind kind, LeadCommand command, LeadState lead, LeadTerms terms) =>
        new(kind, command.At, command.By, lead.Present?.Attempt ?? 0, UsedAt(lead, terms, command.At))
        {
            PersonId = lead.Present?.PersonId,
        };

    private static LeadState WithPresent(LeadState lead, Handoff present) =>
        lead with
        {
            Handoffs = lead.Handoffs.SetItem(lead.Handoffs.Length - 1, present),
        };

    /// <summary>A repeat of what a lead has seen, which a repeat of the answer must not turn into a refusal.</summary>
    private static bool IsPast(LeadState lead, LeadCommand command) =>
        command switch
        {
            LeadCommand.Offer offer => IsKnown(lead, offer.Attempt, offer.PersonId),
            LeadCommand.Reassign reassign => IsKnown(lead, reassign.Attempt, reassign.PersonId),
            LeadCommand.Accept accept => lead.Present is { Status: HandoffStatus.Accepted } present
                && present.PersonId == accept.PersonId,
            LeadCommand.Remind or LeadCommand.Escalate or LeadCommand.TimeOut => true,
            _ => false,
        };

    private static bool IsKnown(LeadState lead, int attempt, string personId) =>
        attempt <= lead.Handoffs.Length && attempt > 0 && lead.Handoffs[attempt - 1].PersonId == personId;

    private static Outcome<LeadStep> Offer(LeadState lead, LeadCommand.Offer offer, LeadTerms terms)
    {
        if (IsKnown(lead, offer.Attempt, offer.PersonId))
        {
            return Same(lead);
        }

        if (offer.Attempt != lead.Handoffs.Length + 1)
        {
            return new LeadAttemptStale();
        }

        if (lead.Status is LeadStatus.Offered or LeadStatus.Accepted)
        {
            return lead.Status == LeadStatus.Accepted ? new LeadAccepted() : new LeadOfAnother();
        }

        LeadState offered = Give(
            lead,
            new Handoff(offer.Attempt, offer.PersonId, offer.Rule, offer.At, offer.By) { Sla = offer.Sla },
            terms
        );
        return new LeadStep(offered, [Event(LeadEventKind.Offered, offer, offered, terms)]);
    }

    private static Outcome<LeadStep> Reassign(LeadState lead, LeadCommand.Reassign reassign, LeadTerms terms)
    {
        if (IsKnown(lead, reassign.Attempt, reassign.PersonId))
        {
            return Same(lead);
        }

        if (reassign.Attempt != lead.Handoffs.Length + 1)
        {
            return new LeadAttemptStale();
        }

        LeadState ended =
            lead.Status == LeadStatus.Offered ? End(lead, reassign, HandoffStatus.Reassigned, terms) : lead;
        LeadState given = Give(
            ended,
            new Handoff(reassign.Attempt, reassign.PersonId, "", reassign.At, reassign.By) { Sla = reassign.Sla },
            terms
        );
        return new LeadStep(given, [Event(LeadEventKind.Reassigned, reassign, given, terms)]);
    }

    /// <summary>
    /// The clock goes on in the hours of the new owner; it begins again only where the terms say so. A limit that has passed would
    /// leave the new owner no time, so the minutes then begin where the clock stands.
    /// </summary>
    private static LeadState Give(LeadState lead, Handoff handoff, LeadTerms terms)
    {
        WorkingCalendar before = CalendarOf(lead, terms);
        SlaClock? clock = lead.Clock?.CountTo(before, handoff.At).Resume(handoff.At);
        TimeSpan from = lead.Present?.LimitFrom ?? TimeSpan.Zero;
        if (handoff.Sla is not null && (clock is null || handoff.Sla.Restarts))
        {
            clock = SlaClock.Start(handoff.At) with { StartedAt = clock?.StartedAt ?? handoff.At };
            from = TimeSpan.Zero;
        }
        else if (clock is not null && lead.Present?.Sla is { } last && clock.Used >= from + last.Time)
        {
            from = clock.Used;
        }

        return lead with
        {
            Status = LeadStatus.Offered,
            Handoffs = lead.Handoffs.Add(handoff with { LimitFrom = from }),
            Clock = clock,
            Adopted = [.. lead.Adopted.Select(one => GoOn(one, before, handoff))],
            Queue = null,
            HeldUntil = null,
        };
    }

    private static AdoptedClock GoOn(AdoptedClock adopted, WorkingCalendar before, Handoff handoff)
    {
        SlaClock clock = adopted.Clock.CountTo(before, handoff.At).Resume(handoff.At);
        bool isOver = clock.Used >= adopted.LimitFrom + adopted.Sla.Time || handoff.Sla?.Restarts == true;
        return adopted with { Clock = clock, LimitFrom = isOver ? clock.Used : adopted.LimitFrom };
    }

    /// <summary>Ends the present handoff; the clock is counted up to then.</summary>
    private static LeadState End(LeadState lead, LeadCommand command, HandoffStatus status, LeadTerms terms)
    {
        TimeSpan used = UsedAt(lead, terms, command.At);
        bool isLate = lead.Status == LeadStatus.TimedOut || DueAt(lead, terms, 100) <= command.At;
        return WithPresent(
            lead,
            lead.Present! with
            {
                Status = status,
                EndedAt = command.At,
                Used = used,
                IsLate = status == HandoffStatus.Accepted && isLate,
            }
        );
    }

    private static LeadState Pause(LeadState lead, LeadCommand command, LeadTerms terms)
    {
        WorkingCalendar calendar = CalendarOf(lead, terms);
        return lead with
        {
            Clock = lead.Clock?.Pause(calendar, command.At),
            Adopted = [.. lead.Adopted.Select(one => one with { Clock = one.Clock.Pause(calendar, command.At) })],
        };
    }

    /// <summary>In a queue nobody's working time counts, so the clock waits.</summary>
    private static Outcome<LeadStep> Enqueue(LeadState lead, LeadCommand.Enqueue enqueue, LeadTerms terms)
    {
        if (lead.Status == LeadStatus.Queued && lead.Queue == enqueue.Queue)
        {
            return Same(lead);
        }

        if (lead.Status == LeadStatus.Accepted)
        {
            return new LeadAccepted();
        }

        LeadState ended =
            lead.Status == LeadStatus.Offered ? End(lead, enqueue, HandoffStatus.Reassigned, terms) : lead;
        LeadState queued = Pause(ended, enqueue, terms) with
        {
            Status = LeadStatus.Queued,
            Queue = enqueue.Queue,
            HeldUntil = null,
        };
        return new LeadStep(
            queued,
            [Event(LeadEventKind.Queued, enqueue, queued, terms) with { PersonId = null, Target = enqueue.Queue }]
        );
    }

    private static Outcome<LeadStep> Hold(LeadState lead, LeadCommand.Hold hold, LeadTerms terms)
    {
        if (lead.Status == LeadStatus.Held && lead.HeldUntil == hold.Until)
        {
            return Same(lead);
        }

        if (lead.Status is LeadStatus.Offered or LeadStatus.Accepted)
        {
            return lead.Status == LeadStatus.Accepted ? new LeadAccepted() : new LeadOfAnother();
        }

        LeadState held = lead with { Status = LeadStatus.Held, HeldUntil = hold.Until, Queue = null };
        return new LeadStep(held, [Event(LeadEventKind.Held, hold, held, terms) with { PersonId = null }]);
    }

    private static Outcome<LeadStep> Accept(LeadState lead, LeadCommand.Accept accept, LeadTerms terms)
    {
        switch (lead.Status)
        {
            case LeadStatus.Accepted:
                return lead.OwnerId == accept.PersonId ? Same(lead) : new LeadAccepted();
            case LeadStatus.Queued:
                lead = Give(
                    lead,
                    new Handoff(lead.Handoffs.Length + 1, accept.PersonId, "", accept.At, accept.By)
                    {
                        Sla = lead.Present?.Sla,
                    },
                    terms
                );
                break;
            case LeadStatus.Offered or LeadStatus.TimedOut:
                break;
            default:
                return new LeadNotOffered();
        }

        if (lead.OwnerId != accept.PersonId)
        {
            return new LeadOfAnother();
        }

        LeadState accepted = Pause(End(lead, accept, HandoffStatus.Accepted, terms), accept, terms) with
        {
            Status = LeadStatus.Accepted,
        };
        return new LeadStep(
            accepted,
            [Event(LeadEventKind.Accepted, accept, accepted, terms) with { IsLate = accepted.Present!.IsLate }]
        );
    }

    private static Outcome<LeadStep> Reject(LeadState lead, LeadCommand.Reject reject, LeadTerms terms)
    {
        if (!terms.RejectCodes.Contains(reject.Code))
        {
            return new LeadCodeUnknown();
        }

        if (
            lead.Handoffs.LastOrDefault(one => one.PersonId == reject.PersonId)
                is { Status: HandoffStatus.Rejected } last
            && last.Code == reject.Code
        )
        {
            // Said again: by now it may be somebody else's.
            return Same(lead);
        }

        if (lead.Status is not (LeadStatus.Offered or LeadStatus.TimedOut))
        {
            return lead.Status == LeadStatus.Accepted ? new LeadAccepted() : new LeadNotOffered();
        }

        if (lead.OwnerId != reject.PersonId)
        {
            return new LeadOfAnother();
        }

        LeadState ended = End(lead, reject, HandoffStatus.Rejected, terms);
        LeadState rejected = WithPresent(ended, ended.Present! with { Code = reject.Code }) with
        {
            Status = LeadStatus.Rejected,
        };
        return new LeadStep(
            rejected,
            [Event(LeadEventKind.Rejected, reject, rejected, terms) with { Code = reject.Code }]
        );
    }

    private static Outcome<LeadStep> Remind(LeadState lead, LeadCommand.Remind remind, LeadTerms terms)
    {
        if (lead.Status != LeadStatus.Offered || lead.Present is not { RemindedAt: null } present)
        {
            return Same(lead);
        }

        return present.Attempt != remind.Attempt
            ? Same(lead)
            : new LeadStep(
                WithPresent(lead, present with { RemindedAt = remind.At }),
                [Event(LeadEventKind.Reminded, remind, lead, terms)]
            );
    }

    private static Outcome<LeadStep> Escalate(LeadState lead, LeadCommand.Escalate escalate, LeadTerms terms)
    {
        if (lead.Status != LeadStatus.Offered || lead.Present is not { EscalatedAt: null } present)
        {
            return Same(lead);
        }

        return present.Attempt != escalate.Attempt
            ? Same(lead)
            : new LeadStep(
                WithPresent(lead, present with { EscalatedAt = escalate.At }),
                [
                    Event(LeadEventKind.Escalated, escalate, lead, terms) with
                    {
                        Target = terms.Team.Find(present.PersonId)?.Manager,
                    },
                ]
            );
    }

    private static Outcome<LeadStep> TimeOut(LeadState lead, LeadCommand.TimeOut timeOut, LeadTerms terms)
    {
        // A reminder may come early, late, twice, or after the lead went on: only the clock says whether the time is over.
        if (
            lead.Status != LeadStatus.Offered
            || lead.Present!.Attempt != timeOut.Attempt
            || DueAt(lead, terms, 100) is not { } due
            || due > timeOut.At
        )
        {
            return Same(lead);
        }

        LeadState late = End(lead, timeOut, HandoffStatus.TimedOut, terms) with { Status = LeadStatus.TimedOut };
        return new LeadStep(late, [Event(LeadEventKind.TimedOut, timeOut, late, terms)]);
    }

    private static Outcome<LeadStep> Write(
        LeadState lead,
        LeadCommand command,
        string system,
        CrmWrite write,
        LeadTerms terms
    )
    {
        CrmWrite? known = lead.Crm.GetValueOrDefault(system);
        if (known == write || known?.At > write.At)
        {
            return Same(lead);
        }

        return new LeadStep(
            lead with
            {
                Crm = lead.Crm.SetItem(system, write),
            },
            [
                Event(
                    write.IsWritten ? LeadEventKind.WrittenToCrm : LeadEventKind.RefusedByCrm,
                    command,
                    lead,
                    terms
                ) with
                {
                    Target = system,
                    Code = write.Code,
                },
            ]
        );
    }

    private static Outcome<LeadStep> Close(LeadState lead, LeadCommand.Close close, LeadTerms terms)
    {
        if (!terms.CloseCodes.Contains(close.Code))
        {
            return new LeadCodeUnknown();
        }

        if (lead.Status == LeadStatus.Closed)
        {
            return lead.ClosedCode == close.Code ? Same(lead) : new LeadNotOpen();
        }

        LeadState closed = Pause(lead, close, terms) with
        {
            Status = LeadStatus.Closed,
            ClosedCode = close.Code,
            Queue = null,
            HeldUntil = null,
        };
        return new LeadStep(closed, [Event(LeadEventKind.Closed, close, closed, terms) with { Code = close.Code }]);
    }
}
