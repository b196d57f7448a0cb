using System.Text.Json;
using Customer360.Api.Access;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;
using Customer360.Rules.Audiences;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;
using NotFound = Customer360.Api.Problems.NotFound;

namespace Customer360.Api.Changes;

/// <summary>
/// Who enters an audience and leaves it, read from the list of members at the reader's own pace. Its place in the list is the id of each event;
/// of who has left the list knows for a week.
/// </summary>
/// <remarks>
/// The place may be that of somebody of whom the reader sees nothing: it is sealed, and bound to whoever got it.
/// </remarks>
internal sealed class FollowedAudience(
    ProfileAccess access,
    IPolicy<AudiencePolicy> policy,
    CallerCursors cursors,
    TimeProvider time,
    string name
) : IFollowed
{
    private const byte PlaceForm = 0xB9;
    private const int PageRows = 200;

    // Behind every customer of a number: ids begin with a letter.
    private const string Last = "~";

    // The places of an hour at least must still be there when a reader comes.
    private static readonly TimeSpan s_placeLasts = IAudienceList.ChangesKept - TimeSpan.FromHours(1);

    private Asker _asker;
    private long _number;
    private string _customerId = Last;
    private bool _isLost;
    private bool _isBehind;

    public string? Place =>
        cursors.Write(
            _asker,
            new CursorWriter(PlaceForm).Time(time.GetUtcNow()).Number(_number).Text($"{name}/{_customerId}").ToString(),
            isSeen: false
        );

    public async Task<Refusal?> Begin(Asker asker, string? lastEventId, ChangeSignal signal)
    {
        if (policy.Current.Find(name) is null)
        {
            return new NotFound("audience");
        }

        if (access.Refusal(asker) is { } refusal)
        {
            return refusal;
        }

        _asker = asker;
        _number = await access.ReadLastMove();
        if (lastEventId is null)
        {
            return null;
        }

        var reader = new CursorReader(cursors.Read(asker, lastEventId) ?? "", PlaceForm);
        DateTimeOffset at = reader.Time();
        long number = reader.Number();
        string[] of = reader.Text().Split('/', 2);
        if (!reader.IsWhole || of.Length != 2 || of[0] != name || of[1].Length == 0)
        {
            return new ParameterInvalid(ChangesFollower.LastEventId, "it must be the id of an event of this audience");
        }

        // A number of the future is one of another store: what was restored is older than what the reader has seen.
        _isLost = number > _number || time.GetUtcNow() - at > s_placeLasts;
        if (!_isLost)
        {
            (_number, _customerId) = (number, of[1]);
        }

        return null;
    }

    public async Task<FollowedStep> Look(Asker asker, EventStream stream)
    {
        _asker = asker;
        if (policy.Current.Find(name) is not { } audience)
        {
            await stream.End("gone");
            return FollowedStep.Ended;
        }

        if (_isLost)
        {
            _isLost = false;
            await stream.Send("lagged", Place, """{"reason":"expired"}"""u8.ToArray());
        }

        Outcome<AudienceMoves> found = await access.ReadMoves(asker, audience, _number, _customerId, PageRows);
        if (!found.Succeeded)
        {
            await stream.End(found.Refusal.Code);
            return FollowedStep.Ended;
        }

        if (found.Value.Last is not { } last)
        {
            _isBehind = false;
            return FollowedStep.Nothing;
        }

        if (_isBehind)
        {
            // It was a whole page before this one: the reader is slower than the changes come, or comes after a while.
            _isBehind = false;
            await stream.Send("lagged", id: null, """{"reason":"behind"}"""u8.ToArray());
        }

        foreach (AudienceMove move in found.Value.Shown)
        {
            (_number, _customerId) = (move.Number, move.CustomerId);
            await stream.Send(move.IsMember ? "entered" : "left", Place, JsonOf(move));
        }

        (_number, _customerId) = (last.Number, last.CustomerId);
        _isBehind = found.Value.IsPageFull;
        return FollowedStep.Sent;
    }

    private byte[] JsonOf(AudienceMove move) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new AudienceChangeAnswer(name, move.CustomerId, move.At.UtcDateTime, move.IsHeldOut),
            ChangesJson.Default.AudienceChangeAnswer
        );
}
