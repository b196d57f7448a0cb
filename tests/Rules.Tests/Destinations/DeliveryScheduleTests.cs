using System.Text;
using Customer360.Rules.Destinations;
using Customer360.Rules.Ports;
using static Customer360.Rules.Tests.Destinations.Items;

namespace Customer360.Rules.Tests.Destinations;

/// <summary>What answers mean, and when what was not taken is sent again.</summary>
public sealed class DeliveryScheduleTests
{
    [Theory]
    [InlineData(200, DeliveryOutcome.Sent, "", DestinationTurn.GoOn)]
    [InlineData(204, DeliveryOutcome.Sent, "", DestinationTurn.GoOn)]
    [InlineData(301, DeliveryOutcome.Failed, "redirected", DestinationTurn.GoOn)]
    [InlineData(307, DeliveryOutcome.Failed, "redirected", DestinationTurn.GoOn)]
    [InlineData(400, DeliveryOutcome.Failed, "refused", DestinationTurn.GoOn)]
    [InlineData(401, DeliveryOutcome.Retry, "not_authorized", DestinationTurn.Pause)]
    [InlineData(403, DeliveryOutcome.Retry, "not_authorized", DestinationTurn.Pause)]
    [InlineData(404, DeliveryOutcome.Failed, "not_found", DestinationTurn.GoOn)]
    [InlineData(408, DeliveryOutcome.Retry, "receiver_busy", DestinationTurn.GoOn)]
    [InlineData(410, DeliveryOutcome.Retry, "gone", DestinationTurn.Disable)]
    [InlineData(422, DeliveryOutcome.Failed, "refused", DestinationTurn.GoOn)]
    [InlineData(425, DeliveryOutcome.Retry, "receiver_busy", DestinationTurn.GoOn)]
    [InlineData(429, DeliveryOutcome.Retry, "rate_limited", DestinationTurn.GoOn)]
    [InlineData(500, DeliveryOutcome.Retry, "receiver_failed", DestinationTurn.GoOn)]
    [InlineData(502, DeliveryOutcome.Retry, "receiver_failed", DestinationTurn.GoOn)]
    [InlineData(503, DeliveryOutcome.Retry, "receiver_unavailable", DestinationTurn.GoOn)]
    public void Judge_OfAStatus_SaysWhatItMeans(
        int status,
        DeliveryOutcome outcome,
        string reason,
        DestinationTurn turn
    )
    {
        DeliveryJudgement judgement = DeliverySchedule.Judge(Changed(), Answer(status), 0.5);

        Assert.Equal((outcome, reason, turn), (judgement.Outcome, judgement.Reason, judgement.Turn));
        Assert.Equal(outcome == DeliveryOutcome.Retry, judgement.RetryAt is not null);
    }

    [Theory]
    [InlineData(DeliveryFault.Unreachable, "unreachable", DestinationTurn.GoOn)]
    [InlineData(DeliveryFault.TimedOut, "timed_out", DestinationTurn.GoOn)]
    [InlineData(DeliveryFault.CertificateRefused, "certificate_refused", DestinationTurn.GoOn)]
    [InlineData(DeliveryFault.AddressNotAllowed, "address_not_allowed", DestinationTurn.Pause)]
    [InlineData(DeliveryFault.AnswerTooLarge, "answer_too_large", DestinationTurn.GoOn)]
    [InlineData(DeliveryFault.AnswerBroken, "answer_broken", DestinationTurn.GoOn)]
    [InlineData(DeliveryFault.SecretMissing, "secret_missing", DestinationTurn.Pause)]
    public void Judge_OfAFault_TriesAgainOrWaitsForSomebody(DeliveryFault fault, string reason, DestinationTurn turn)
    {
        DeliveryJudgement judgement = DeliverySchedule.Judge(Changed(), DeliveryAnswer.None(fault, Noon), 0.5);

        Assert.Equal(
            (DeliveryOutcome.Retry, reason, turn, turn == DestinationTurn.Pause),
            (judgement.Outcome, judgement.Reason, judgement.Turn, judgement.IsNoTry)
        );
    }

    [Theory]
    [InlineData("text/html; charset=utf-8", "<!DOCTYPE html><html>…", "html_page")]
    [InlineData("text/html", "\n  <html><body>Log in", "html_page")]
    [InlineData("text/html", "\uFEFF<!DOCTYPE html>", "html_page")]
    [InlineData("text/html", "<!-- a proxy --><html>", "html_page")]
    [InlineData("text/html", "<?xml version=\"1.0\"?>\n<!-- a --> <html>", "html_page")]
    [InlineData("text/html", "<head><title>Log in", "html_page")]
    [InlineData("application/xhtml+xml", "<?xml version=\"1.0\"?><html>", "html_page")]
    [InlineData("text/html", "<?xml", "")]
    // Some frameworks name any text so.
    [InlineData("text/html", "OK", "")]
    [InlineData("application/json", "<html>", "")]
    public void Judge_OfASuccessWithAPageForPeople_IsNone(string type, string body, string reason)
    {
        DeliveryAnswer answer = new(200, Noon) { ContentType = type, Body = Encoding.UTF8.GetBytes(body) };

        Assert.Equal(reason, DeliverySchedule.Judge(Changed(), answer, 0.5).Reason);
    }

    [Theory]
    [InlineData("99999999999999999999", 86400)]
    [InlineData("7", 7)]
    [InlineData("Fri, 27 Nov 2026 12:05:00 GMT", 300)]
    [InlineData("Friday, 27-Nov-26 12:05:00 GMT", 300)]
    [InlineData("Fri Nov 27 12:05:00 2026", 300)]
    // No time at all, or one that is past, is no word: whoever heeded it would ask again and again.
    [InlineData("0", null)]
    [InlineData("Fri, 27 Nov 2026 12:00:00 GMT", null)]
    [InlineData("Fri, 27 Nov 2026 11:00:00 GMT", null)]
    [InlineData("999999999999", 86_400)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    [InlineData("1.5", null)]
    [InlineData("", null)]
    public void RetryAfter_AsSecondsOrDate_IsRead(string text, int? seconds) =>
        Assert.Equal(seconds, DeliverySchedule.RetryAfterOf(Answer(429, retryAfter: text))?.TotalSeconds);

    [Fact]
    public void Judge_OfARateThatWasExceeded_HoldsTheWholeDestination()
    {
        DeliveryJudgement judgement = DeliverySchedule.Judge(Changed(), Answer(429, retryAfter: "30"), 0.5);

        Assert.Equal(DestinationTurn.Hold, judgement.Turn);
        Assert.Equal(Noon.AddSeconds(30), judgement.Until);
        Assert.Equal(Noon.AddSeconds(30), judgement.RetryAt);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public void Judge_OfARetryAfterOfNothing_KeepsTheSchedulesOwnPause(int status)
    {
        DeliveryJudgement judgement = DeliverySchedule.Judge(Changed(tries: 4), Answer(status, retryAfter: "0"), 0.5);

        Assert.Equal((DestinationTurn.GoOn, null), (judgement.Turn, judgement.Until));
        Assert.Equal(Noon + DeliverySchedule.PauseAfter(4, 0.5), judgement.RetryAt);
    }

    [Theory]
    [InlineData(0, DeliveryFault.TimedOut, true)]
    [InlineData(0, DeliveryFault.ConnectionLost, true)]
    [InlineData(200, DeliveryFault.AnswerBroken, true)]
    [InlineData(200, DeliveryFault.AnswerTooLarge, true)]
    [InlineData(500, DeliveryFault.None, true)]
    [InlineData(422, DeliveryFault.None, true)]
    [InlineData(0, DeliveryFault.Unreachable, false)]
    [InlineData(0, DeliveryFault.CertificateRefused, false)]
    [InlineData(0, DeliveryFault.AddressNotAllowed, false)]
    [InlineData(0, DeliveryFault.SecretMissing, false)]
    [InlineData(401, DeliveryFault.None, false)]
    public void Result_OfATryWhoseEndNobodyKnows_SaysThatItMayHaveArrived(int status, DeliveryFault fault, bool may)
    {
        OutboxItem item = Changed();
        DeliveryAnswer answer = new(status, Noon, fault);

        Assert.Equal(
            may,
            new ItemAnswer(DeliverySchedule.Judge(item, answer, 0.5), status).ToResult(item).MayHaveArrived
        );
    }

    [Fact]
    public void Result_WithANoteThatNoTableTakes_HasNone()
    {
        OutboxItem item = Changed();
        Assert.Null(Sent("half \ud83d of a pair").ToResult(item).Note);
        Assert.Null(Sent("line\nbreak").ToResult(item).Note);
        Assert.Null(Sent("nul\0").ToResult(item).Note);
        Assert.Equal(200, Sent(new string('a', 5_000)).ToResult(item).Note!.Length);

        static ItemAnswer Sent(string note) =>
            new(new DeliveryJudgement(DeliveryOutcome.Sent, ""), 200) { Note = note };
    }

    [Fact]
    public void Pauses_DoubleUpToALimit_AndAreSpreadOverAllOfIt()
    {
        Assert.Equal(TimeSpan.FromSeconds(1), DeliverySchedule.PauseAfter(0, 0));
        Assert.Equal(TimeSpan.FromSeconds(2.5), DeliverySchedule.PauseAfter(0, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(5), DeliverySchedule.PauseAfter(1, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(40), DeliverySchedule.PauseAfter(4, 0.5));
        Assert.Equal(TimeSpan.FromHours(2), DeliverySchedule.PauseAfter(50, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(1), DeliverySchedule.PauseAfter(int.MaxValue, 0));
    }

    [Fact]
    public void Tries_GoOnForADay_AndOfWhatMustBeToldForEver()
    {
        DateTimeOffset late = Noon.AddHours(24);
        OutboxItem withdrawal = Of(Effect.ConsentWithdrawn("c_1", "ads", "log:0:1", Noon), tries: 40, sentBefore: true);
        OutboxItem audience = Of(Effect.Audience(true, "c_1", "vip", "v1", "log:0:1", Noon), tries: 40);

        Assert.Equal(DeliveryOutcome.Failed, DeliverySchedule.Again(Changed(40), late, "unreachable", 0.9).Outcome);
        Assert.Equal(
            DeliveryOutcome.Retry,
            DeliverySchedule.Again(Changed(3), Noon.AddHours(23), "unreachable", 0.1).Outcome
        );
        Assert.Equal(DeliveryOutcome.Retry, DeliverySchedule.Again(audience, late, "unreachable", 0.9).Outcome);
        Assert.Equal(
            DeliveryOutcome.Retry,
            DeliverySchedule.Again(withdrawal, late.AddYears(1), "unreachable", 0.9).Outcome
        );
        Assert.Equal(DeliveryOutcome.Retry, DeliverySchedule.Judge(withdrawal, Answer(400), 0.5).Outcome);
    }

    [Fact]
    public void Chance_FollowsFromTheEffectAndTheTry()
    {
        double[] chances = [.. Enumerable.Range(0, 1_000).Select(tries => DeliveryChance.Of(Changed(tries)))];

        Assert.All(chances, chance => Assert.InRange(chance, 0, 0.999999999));
        Assert.Equal(chances[7], DeliveryChance.Of(Changed(7)));
        Assert.InRange(chances.Average(), 0.45, 0.55);
    }
}
