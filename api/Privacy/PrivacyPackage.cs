using System.Collections.Immutable;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json;
using Customer360.Api.Http;
using Customer360.Api.Profiles;
using Customer360.Api.Security;
using Customer360.Grains.Contracts;
using Customer360.Rules.Access;
using Customer360.Rules.Consent;
using Customer360.Rules.Events;
using Customer360.Rules.Outcomes;
using Customer360.Rules.Policies;
using Customer360.Rules.Privacy;
using Customer360.Rules.Profiles;
using Customer360.Rules.Profiles.Mastership;

namespace Customer360.Api.Privacy;

/// <summary>
/// What a person is given: everything that is known of her (access), or what she provided in a form that machines read
/// (portability). Made of what the gate shows at the moment it is fetched and streamed, so no copy of it lies anywhere.
/// </summary>
/// <remarks>
/// Other people's data is left out: of an identifier that a message carries and the person does not hold, nobody knows whose it is; so
/// it is taken out of her messages and of what her profile has of them. Of whoever works here no name is in it.
/// </remarks>
internal sealed partial class PrivacyPackage(
    ProfileAccess access,
    IGrainFactory grains,
    IPolicy<ConsentPolicy> consent,
    IPolicy<MastershipPolicy> mastership,
    TimeProvider time
)
{
    private const int PageMessages = 500;
    private const int PageDecisions = 500;

    /// <summary>The gate is asked as by the one who may see all: the request was decided by such a one.</summary>
    private static readonly Asker s_asker = Asker.Of(new ApiKey("privacy", Roles.Admin));

    /// <summary>Writes the package as a ZIP file.</summary>
    public async Task WriteAsync(PipeWriter body, PrivacyPackageGrant grant, CancellationToken aborted)
    {
        await using var output = new PackageStream(body);
        await using ZipArchive zip = await ZipArchive.CreateAsync(
            output,
            ZipArchiveMode.Create,
            leaveOpen: true,
            Encoding.UTF8,
            aborted
        );
        List<PackageFile> files = [];
        bool isWhole = grant.Kind == PrivacyRequestKind.Access;
        foreach (string customer in grant.CustomerIds)
        {
            string name = $"customer:{customer}";
            Outcome<CustomerAnswer<Explanation>> first = await access.Explain(
                s_asker,
                name,
                new DecisionsRequest(PageDecisions, null, []),
                aborted
            );
            if (!first.Succeeded || first.Value.Reply.View is not { } view)
            {
                continue;
            }

            string folder = grant.CustomerIds.Length == 1 ? "" : $"{customer}/";
            ImmutableHashSet<Identifier> own = [.. view.Identifiers.Select(one => one.Identifier)];
            HashSet<Identifier> others = [];
            files.Add(await Events(zip, $"{folder}events.ndjson", name, own, others, aborted));
            files.Add(await Profile(zip, $"{folder}profile.json", name, isWhole, others, aborted));
            files.Add(await Identifiers(zip, $"{folder}identifiers.json", view, aborted));
            if (isWhole)
            {
                await AddHistory(zip, folder, customer, own, first.Value.Reply, files, aborted);
            }
        }

        await Manifest(zip, grant.Kind, files, aborted);
        await Index(zip, grant.Kind, files, aborted);
    }

    private async Task<PackageFile> Profile(
        ZipArchive zip,
        string path,
        string name,
        bool isWhole,
        HashSet<Identifier> others,
        CancellationToken aborted
    )
    {
        Outcome<ProfileText> profile = await access.Get(
            s_asker,
            name,
            isWhole ? ProfileForm.Verbose : ProfileForm.Plain
        );
        await using PackageFile file = await PackageFile.BeginAsync(zip, path, "What your profile says.", aborted);
        ReadOnlyMemory<byte> json = profile.Succeeded ? profile.Value.Json : "{}"u8.ToArray();
        byte[]? redacted = others.Count == 0 ? null : new ErasureTargets(others).Redact(json.Span);
        await file.WriteAsync(redacted ?? json, 1);
        return file;
    }

    private static async Task<PackageFile> Identifiers(
        ZipArchive zip,
        string path,
        ProfileView view,
        CancellationToken aborted
    )
    {
        await using PackageFile file = await PackageFile.BeginAsync(
            zip,
            path,
            "By what you are recognised, and the message that each came with.",
            aborted
        );
        await file.WriteAsync(
            Json(writer =>
            {
                writer.WriteStartArray();
                foreach (ProfileIdentifier identifier in view.Identifiers)
                {
                    writer.WriteStartObject();
                    writer.WriteString("type"u8, identifier.Identifier.Type);
                    writer.WriteString("value"u8, identifier.Identifier.Value);
                    writer.WriteTime("linkedAt"u8, identifier.LinkedAt);
                    writer.WriteString("source"u8, identifier.Source);
                    writer.WriteString("messageId"u8, identifier.MessageId);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }),
            view.Identifiers.Length
        );
        return file;
    }

    private async Task<PackageFile> Events(
        ZipArchive zip,
        string path,
        string name,
        ImmutableHashSet<Identifier> own,
        HashSet<Identifier> others,
        CancellationToken aborted
    )
    {
        await using PackageFile file = await PackageFile.BeginAsync(
            zip,
            path,
            "What you did and told, a line for each message.",
            aborted
        );
        TimelinePlace? place = null;
        do
        {
            Outcome<CustomerAnswer<VisibleTimeline>> page = await access.GetTimeline(
                s_asker,
                name,
                new TimelineRequest(
                    DateTimeOffset.MinValue,
                    DateTimeOffset.MaxValue,
                    Descending: false,
                    PageMessages,
                    place
                ),
                aborted
            );
            if (!page.Succeeded)
            {
                break;
            }

            foreach (VisibleMessage message in page.Value.Reply.Messages)
            {
                await file.WriteAsync(WithoutOthers(message, own, others), 1);
                await file.WriteAsync("\n"u8.ToArray(), 0);
            }

            place = page.Value.Reply.Next;
        } while (place is not null);

        return file;
    }

    private static ReadOnlyMemory<byte> WithoutOthers(
        VisibleMessage message,
        ImmutableHashSet<Identifier> own,
        HashSet<Identifier> allOthers
    )
    {
        using JsonDocument document = message.Open();
        byte[] json = Encoding.UTF8.GetBytes(document.RootElement.GetRawText());
        ImmutableArray<Identifier> others = [.. message.Identifiers.Where(one => !own.Contains(one))];
        allOthers.UnionWith(others);
        return others.IsEmpty ? json : EnvelopeRedaction.Redact(json, new ErasureTargets(others)) ?? json;
    }

    private async Task Manifest(
        ZipArchive zip,
        PrivacyRequestKind kind,
        List<PackageFile> files,
        CancellationToken aborted
    )
    {
        await using PackageFile file = await PackageFile.BeginAsync(zip, "manifest.json", "", aborted);
        await file.WriteAsync(
            Json(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("type"u8, PrivacyAnswer.Word(kind));
                writer.WriteTime("madeAt"u8, time.GetUtcNow());
                writer.WriteStartArray("files"u8);
                foreach (PackageFile one in files)
                {
                    writer.WriteStartObject();
                    writer.WriteString("path"u8, one.Path);
                    writer.WriteNumber("items"u8, one.Items);
                    writer.WriteNumber("bytes"u8, one.Bytes);
                    writer.WriteString("sha256"u8, one.Sha256);
                    if (one.Note is { } note)
                    {
                        writer.WriteString("note"u8, note);
                    }

                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteStartArray("withheld"u8);
                writer.WriteStringValue("Identifiers of other people that your messages carry (GDPR 15(4)).");
                writer.WriteStringValue("Names of those who work here and took your requests (GDPR 15(4)).");
                writer.WriteEndArray();
                writer.WriteStartObject("policies"u8);
                writer.WriteString("consent"u8, consent.InForce.Body.Version);
                writer.WriteString("mastership"u8, mastership.InForce.Body.Version);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }),
            files.Count
        );
    }

    private async Task Index(
        ZipArchive zip,
        PrivacyRequestKind kind,
        List<PackageFile> files,
        CancellationToken aborted
    )
    {
        var page = new StringBuilder(
            """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Your data</title>
            <h1>Your data</h1>
            <p>You asked
            """
        );
        page.Append(kind == PrivacyRequestKind.Access ? " what we know of you" : " for what you gave us");
        page.Append(
            ". It is in the files below. Each line says what a file holds. You may ask us to correct it, to stop using it, or to erase it, "
                + "and you may complain to your data protection authority.</p><ul>"
        );
        foreach (PackageFile file in files)
        {
            page.Append("<li><a href=\"")
                .Append(file.Path)
                .Append("\">")
                .Append(file.Path)
                .Append("</a>: ")
                .Append(file.About)
                .Append(file.Note is null ? "" : " " + file.Note)
                .Append("</li>");
        }

        page.Append("</ul><p>What your data may be used for, and on what ground:</p><ul>");
        foreach (ConsentPurpose purpose in consent.Current.Purposes)
        {
            page.Append("<li>")
                .Append(WebUtility.HtmlEncode(purpose.Name))
                .Append(": ")
                .Append(WebUtility.HtmlEncode(purpose.Basis))
                .Append("</li>");
        }

        page.Append("</ul><p>Identifiers of other people that came with your messages are left out.</p></html>");
        await using PackageFile index = await PackageFile.BeginAsync(zip, "index.html", "", aborted);
        await index.WriteAsync(Encoding.UTF8.GetBytes(page.ToString()), 1);
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, AnswerJson.Options))
        {
            write(writer);
        }

        return buffer.ToArray();
    }
}
