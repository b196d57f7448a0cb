using System.Buffers;
using System.Text.Json;
using Customer360.Grains.Contracts;
using Customer360.Rules.Attribution;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Policies;
using Customer360.Rules.Ports;

namespace Customer360.Grains;

/// <inheritdoc cref="IConversionGrain"/>
/// <remarks>
/// All that it is told is worked out from what stands in the log and in its state, so a call that comes twice changes nothing the second
/// time, and one that a crash has cut off comes again from the outbox.
/// </remarks>
[GrainType("conversion")]
public sealed class ConversionGrain(
    [PersistentState(GrainKeys.ConversionState, GrainKeys.Storage)] IPersistentState<ConversionState> stored,
    IEventLog log,
    IPolicy<AttributionPolicy> policy,
    IPolicy<ConsentPolicy> consent,
    TimeProvider time
) : Grain, IConversionGrain
{
    private string Id => this.GetPrimaryKeyString();

    private ConversionFile? File => stored.State.File;

    public async Task<bool> Hear(ConversionNews news)
    {
        var place = new LogPlace(news.Partition, news.Position);
        if (await log.FindMessage(place) is not { } envelope)
        {
            // Its person was erased, or it is older than what is kept: nothing can be said of it any more.
            return true;
        }

        ConversionHeard? heard = ConversionReader
            .Read(policy.Current, envelope, place)
            .FirstOrDefault(one => one.Id == Id);
        if (heard is null)
        {
            LetGoOfNothing();
            return false;
        }

        ConversionFile file = File ?? new ConversionFile(Id, heard.Definition.Name, heard.ExternalId, []);
        ConversionFile told = ConversionFileRules.Hear(file, heard.Statement);
        await Restate(
            told,
            File is null ? RestatementReason.NewConversion : RestatementReason.PeopleChanged,
            news.Cause
        );
        return true;
    }

    public async Task<bool> Look(ConversionLook look)
    {
        if (File is not { } file)
        {
            LetGoOfNothing();
            return true;
        }

        if (policy.InForce.Number < look.PolicyNumber || consent.InForce.Number < look.ConsentNumber)
        {
            return false;
        }

        await Restate(file, (RestatementReason)look.Reason, look.Cause);
        return true;
    }

    public async Task Forget(string customerId, string cause)
    {
        if (File is { } file && ConversionFileRules.Concerns(file, customerId))
        {
            await Restate(ConversionFileRules.Erase(file, customerId), RestatementReason.Erasure, cause);
        }
    }

    public Task<ReadOnlyMemory<byte>> Get()
    {
        if (File is not { } file)
        {
            LetGoOfNothing();
            return Task.FromResult(ReadOnlyMemory<byte>.Empty);
        }

        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        ConversionFileJson.Write(writer, file);
        writer.Flush();
        return Task.FromResult<ReadOnlyMemory<byte>>(buffer.WrittenMemory.ToArray());
    }

    /// <summary>Works the credit out and writes it, with the reason; nothing is written where all is as it was.</summary>
    private async Task Restate(ConversionFile file, RestatementReason reason, string cause)
    {
        AttributionPolicy current = policy.Current;
        if (current.Find(file.Definition) is not { } definition)
        {
            // The file has no such conversion any more: what was credited stays as it was.
            await Save(file);
            return;
        }

        DateTimeOffset at = time.GetUtcNow();
        ConversionStanding standing = ConversionStanding.Of(file.Statements);
        var reader = new JourneyReader(GrainFactory, log, current, consent.Current, at);
        foreach (string gone in await reader.FindErased(file))
        {
            // Whoever is nobody any more was erased: that may be seen here before it is told.
            (file, reason) = (ConversionFileRules.Erase(file, gone), RestatementReason.Erasure);
        }

        JourneyRead read = await reader.Read(file, definition, standing);
        ConversionCredit credit = CreditRules.Credit(current, definition, standing, read.Known);
        (ConversionFile restated, _) = ConversionFileRules.Restate(
            file with
            {
                People = read.People,
                LapsesAt = read.LapsesAt,
            },
            credit,
            reason,
            cause,
            current.Version,
            at,
            CreditRules.Shape(current, definition, standing, read.Known)
        );
        await Save(restated);
    }

    private Task Save(ConversionFile changed) =>
        ReferenceEquals(changed, File) || (File is { } before && ConversionFileRules.AreSame(before, changed))
            ? Task.CompletedTask
            : stored.SaveOrTakeBack(new ConversionState { File = changed }, this);

    /// <summary>Anyone may ask for any id: one under which nothing is stored does not stay in memory for that.</summary>
    private void LetGoOfNothing()
    {
        if (!stored.RecordExists)
        {
            DeactivateOnIdle();
        }
    }
}
