using System.Collections.Immutable;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Problems;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Profiles;

/// <summary>Takes people apart: <c>POST /v1/profiles/{type}:{value}/split</c> and <c>POST /v1/merges/{mergeId}:undo</c>.</summary>
internal sealed class ProfilesSplit(
    ProfileAccess access,
    IGrainFactory grains,
    EnvelopeReader reader,
    TimeProvider time
)
{
    // A merge may come between finding the customer and splitting it; so many in a row are a bug.
    private const int AttemptsMax = 16;

    /// <summary>Answers <c>{"customerId","splitCustomerId","separationId","identifiers"}</c>.</summary>
    public async Task Split(HttpContext context)
    {
        Outcome<SplitBody> body = await SplitBody.ReadSplit(context.Request);
        if (!body.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, body.Refusal);
            return;
        }

        Outcome<ImmutableArray<Identifier>> identifiers = Normalize(body.Value.Identifiers);
        Outcome<SplitReply> outcome = identifiers.Succeeded
            ? await Split(context, identifiers.Value, body.Value.Reason)
            : identifiers.Refusal;
        await Answer(context, outcome);
    }

    /// <summary>Answers as <see cref="Split(HttpContext)"/>; the split customer is the one that was merged away.</summary>
    public async Task Undo(HttpContext context)
    {
        Outcome<SplitBody> body = await SplitBody.ReadUndo(context.Request);
        if (!body.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, body.Refusal);
            return;
        }

        string mergeId = PathValues.Value(context, "mergeId") ?? "";
        await Answer(context, await Undo(context, mergeId, body.Value.Reason));
    }

    private async Task<Outcome<SplitReply>> Split(
        HttpContext context,
        ImmutableArray<Identifier> identifiers,
        string reason
    )
    {
        string splitId = NewSplitId();
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            Outcome<string> found = await access.FindCustomer(Asker.Of(context), PathValues.InRegion(context));
            if (!found.Succeeded)
            {
                return found.Refusal;
            }

            DateTimeOffset at = time.GetUtcNow();
            string from = found.Value;
            SplitReply reply = await grains
                .GetGrain<ICustomerGrain>(CustomerId.ForSplit(splitId, from, at))
                .SplitFrom(new SplitRequest(splitId, from, identifiers, reason, Caller.Of(context).Name, at));
            if (reply.MovedTo is null)
            {
                return Refused(reply);
            }
        }

        throw new InvalidOperationException("The customer was merged again and again.");
    }

    private async Task<Outcome<SplitReply>> Undo(HttpContext context, string mergeId, string reason)
    {
        Outcome<RecordedMerge> merge = await access.FindMerge(Asker.Of(context), mergeId);
        if (!merge.Succeeded)
        {
            return merge.Refusal;
        }

        return Refused(
            await grains
                .GetGrain<ICustomerGrain>(merge.Value.From)
                .UndoMerge(
                    new UndoRequest(
                        mergeId,
                        NewSplitId(),
                        merge.Value.Brought,
                        reason,
                        Caller.Of(context).Name,
                        time.GetUtcNow()
                    )
                )
        );
    }

    private Outcome<ImmutableArray<Identifier>> Normalize(ImmutableArray<string> texts)
    {
        var identifiers = ImmutableArray.CreateBuilder<Identifier>(texts.Length);
        foreach (string text in texts)
        {
            if (!Identifier.TryParse(text, out Identifier asked))
            {
                return new IdentifierMalformed();
            }

            if (reader.Normalize(asked.Type, asked.Value) is not { } identifier)
            {
                return new SplitIdentifierNotHeld();
            }

            identifiers.Add(identifier);
        }

        return identifiers.MoveToImmutable();
    }

    private static Outcome<SplitReply> Refused(SplitReply reply) =>
        reply.Refused switch
        {
            null => reply,
            "split_of_nothing" => new SplitOfNothing(),
            "identifier_not_held" => new SplitIdentifierNotHeld(),
            "split_of_everything" => new SplitOfEverything(),
            "merge_brought_nothing" => new MergeBroughtNothing(),
            "merge_already_undone" => new MergeAlreadyUndone(),
            "merge_under_later_merge" => new MergeUnderLaterMerge(),
            _ => throw new InvalidOperationException("A split was refused for a reason that has no name here."),
        };

    private static async Task Answer(HttpContext context, Outcome<SplitReply> outcome)
    {
        if (!outcome.Succeeded)
        {
            await ProblemWriter.WriteAsync(context, outcome.Refusal);
            return;
        }

        context.Response.MarkUnstored();
        await JsonAnswer.Write(context.Response, writer => Write(writer, outcome.Value));
    }

    private static void Write(Utf8JsonWriter writer, SplitReply reply)
    {
        writer.WriteStartObject();
        writer.WriteString("customerId"u8, reply.CustomerId);
        writer.WriteString("splitCustomerId"u8, reply.SplitCustomerId);
        writer.WriteString("separationId"u8, reply.SeparationId);
        writer.WriteStartArray("identifiers"u8);
        foreach (Identifier identifier in reply.Identifiers)
        {
            writer.WriteStringValue(identifier.ToString());
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private string NewSplitId() => "d_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
}
