using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json;
using Customer360.Api.Consent;
using Customer360.Api.Http;
using Customer360.Api.Profiles;
using Customer360.Grains.Contracts;
using Customer360.Rules.Conditions;
using Customer360.Rules.Consent;
using Customer360.Rules.Decisions;
using Customer360.Rules.Events;
using Customer360.Rules.Identity;
using Customer360.Rules.Leads;
using Customer360.Rules.Outcomes;

namespace Customer360.Api.Privacy;

/// <summary>What was said, decided and asked about a person over time: in the package of who asks to see.</summary>
internal sealed partial class PrivacyPackage
{
    private const string NoDeliveries =
        "The grid sends to nobody yet, so there is nothing in it. What other systems read here and passed on is not known here.";

    private async Task AddHistory(
        ZipArchive zip,
        string folder,
        string customer,
        ImmutableHashSet<Identifier> own,
        Explanation first,
        List<PackageFile> files,
        CancellationToken aborted
    )
    {
        string name = $"customer:{customer}";
        List<RecordedDecision> merges = [];
        files.Add(await Consents(zip, $"{folder}consents.json", name, aborted));
        files.Add(await Decisions(zip, $"{folder}decisions.json", name, own, first, merges, aborted));
        files.Add(
            await List(
                zip,
                $"{folder}merges.json",
                "When records of you were joined to one, or taken apart.",
                merges,
                (writer, merge) => WriteDecision(writer, merge, own),
                aborted
            )
        );
        files.Add(await Requests(zip, $"{folder}requests.json", IdsOf(customer, merges), aborted));
        files.Add(
            await List(
                zip,
                $"{folder}leads.json",
                "How near to buying you were taken for, by what, and when.",
                await access.LeadsOf(customer),
                WriteLead,
                aborted
            )
        );
        files.Add(
            await List<string>(
                zip,
                $"{folder}deliveries.json",
                "To whom your data was sent, and when.",
                [],
                (writer, one) => writer.WriteStringValue(one),
                aborted,
                NoDeliveries
            )
        );
    }

    /// <summary>
    /// Under which ids she was known: those that went into her customer. Whoever was taken apart from her is somebody else, and may
    /// have asked for something himself.
    /// </summary>
    private static ImmutableArray<string> IdsOf(string customer, List<RecordedDecision> merges)
    {
        HashSet<string> ids = [.. merges.Where(one => one.Kind == DecisionKinds.Merged).SelectMany(Both)];
        ids.ExceptWith(merges.Where(one => one.Kind == DecisionKinds.Split).SelectMany(Both));
        ids.Add(customer);
        return [.. ids];

        static IEnumerable<string> Both(RecordedDecision merge) =>
            merge.OtherCustomerId is { } other ? [merge.CustomerId, other] : [merge.CustomerId];
    }

    private async Task<PackageFile> Consents(ZipArchive zip, string path, string name, CancellationToken aborted)
    {
        Outcome<VisibleConsent> said = await access.GetConsent(s_asker, name);
        return await List(
            zip,
            path,
            "What you agreed to and refused, the latest first.",
            said.Succeeded ? ConsentHistory.Of(said.Value.Holdings) : [],
            (writer, entry) => ConsentDocument.Write(writer, entry, showsIdentifiers: true),
            aborted
        );
    }

    /// <summary>What the person asked before, as far as it was about her alone; who took it is nobody's business but the office's.</summary>
    private async Task<PackageFile> Requests(
        ZipArchive zip,
        string path,
        ImmutableArray<string> customers,
        CancellationToken aborted
    )
    {
        ImmutableArray<PrivacyRequestView> requests = await grains
            .GetGrain<IPrivacyGrain>(GrainKeys.Current)
            .ListOf(customers);
        return await List(
            zip,
            path,
            "What you asked about your data before, and what became of it.",
            requests,
            (writer, request) => WriteRequest(writer, request, customers),
            aborted
        );
    }

    private static void WriteRequest(
        Utf8JsonWriter writer,
        PrivacyRequestView request,
        ImmutableArray<string> customers
    )
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, request.Id);
        writer.WriteString("type"u8, PrivacyAnswer.Word(request.Kind));
        writer.WriteString("status"u8, PrivacyAnswer.Word(request.Status));
        writer.WriteTime("askedAt"u8, request.AskedAt);
        writer.WriteTime("dueAt"u8, request.DueAt);
        WriteIfAny(writer, "doneAt"u8, request.DoneAt);
        WriteIfAny(writer, "liftedAt"u8, request.LiftedAt);
        ImmutableArray<PrivacyChange> changes =
        [
            .. request.Changes.Where(change => customers.Contains(change.CustomerId)),
        ];
        if (!changes.IsEmpty)
        {
            PrivacyAnswer.WriteChanges(writer, changes);
        }

        writer.WriteEndObject();
    }

    private static void WriteIfAny(Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            writer.WriteTime(name, at);
        }
    }

    /// <param name="merges">Gets what tells how the person became one, or two.</param>
    private async Task<PackageFile> Decisions(
        ZipArchive zip,
        string path,
        string name,
        ImmutableHashSet<Identifier> own,
        Explanation first,
        List<RecordedDecision> merges,
        CancellationToken aborted
    )
    {
        await using PackageFile file = await PackageFile.BeginAsync(
            zip,
            path,
            "What was decided by itself about who you are, by which rules and from what.",
            aborted
        );
        await file.WriteAsync("["u8.ToArray(), 0);
        Explanation? page = first;
        bool isFirst = true;
        while (page?.Decisions is { } decisions)
        {
            foreach (RecordedDecision decision in decisions.Decisions)
            {
                if (!isFirst)
                {
                    await file.WriteAsync(",\n"u8.ToArray(), 0);
                }

                await file.WriteAsync(Json(writer => WriteDecision(writer, decision, own)), 1);
                isFirst = false;
                if (decision.Kind is DecisionKinds.Merged or DecisionKinds.Split)
                {
                    merges.Add(decision);
                }
            }

            page = null;
            if (decisions is { HasMore: true, Decisions: [.., var last] })
            {
                Outcome<CustomerAnswer<Explanation>> next = await access.Explain(
                    s_asker,
                    name,
                    new DecisionsRequest(PageDecisions, HistoryPlace.Of(last.ToRecord()), []),
                    aborted
                );
                page = next.Succeeded ? next.Value.Reply : null;
            }
        }

        await file.WriteAsync("]"u8.ToArray(), 0);
        return file;
    }

    private static void WriteDecision(
        Utf8JsonWriter writer,
        RecordedDecision decision,
        ImmutableHashSet<Identifier> own
    )
    {
        var payload = DecisionPayload.Read(decision.PayloadJson);
        writer.WriteStartObject();
        writer.WriteString("id"u8, decision.DecisionId);
        writer.WriteString("kind"u8, decision.Kind);
        writer.WriteTime("at"u8, decision.At);
        writer.WriteString("because"u8, payload.Because);
        writer.WriteString("ruleVersion"u8, payload.RuleVersion);
        writer.WriteString("messageId"u8, payload.MessageId);
        writer.WriteStartArray("identifiers"u8);
        foreach (Identifier identifier in payload.Identifiers.Where(own.Contains))
        {
            writer.WriteStringValue(identifier.ToString());
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Who of the company had the lead is left out, as everywhere.</summary>
    private static void WriteLead(Utf8JsonWriter writer, LeadFile file)
    {
        writer.WriteStartObject();
        writer.WriteString("leadId"u8, file.Lead.LeadId);
        writer.WriteTime("createdAt"u8, file.Lead.CreatedAt);
        writer.WriteString("stage"u8, file.Stage);
        writer.WriteString("status"u8, LeadFileRules.WordOf(file.Lead.Status));
        writer.WriteStartArray("stages"u8);
        foreach (StageEntry entry in file.History.Entries)
        {
            writer.WriteStartObject();
            writer.WriteString("stage"u8, entry.Stage);
            writer.WriteTime("at"u8, entry.At);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (file.ScoreCard is { } card)
        {
            writer.WritePropertyName("score"u8);
            writer.WriteRawValue(card);
        }

        if (LeadFileRules.KnownOf(file) is { } known)
        {
            writer.WritePropertyName("decidedBy"u8);
            FactJson.Write(writer, known);
        }

        writer.WriteEndObject();
    }

    /// <summary>A file that is a JSON array.</summary>
    private static async Task<PackageFile> List<T>(
        ZipArchive zip,
        string path,
        string about,
        IReadOnlyCollection<T> items,
        Action<Utf8JsonWriter, T> write,
        CancellationToken aborted,
        string? note = null
    )
    {
        await using PackageFile file = await PackageFile.BeginAsync(zip, path, about, aborted, note);
        await file.WriteAsync(
            Json(writer =>
            {
                writer.WriteStartArray();
                foreach (T item in items)
                {
                    write(writer, item);
                }

                writer.WriteEndArray();
            }),
            items.Count
        );
        return file;
    }
}
