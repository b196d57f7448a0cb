using Customer360.Rules.Outcomes;

namespace Customer360.Grains;

/// <summary>Why the mirror is not written or verified: each says what to do.</summary>
internal abstract record ExportRefusal(string Code, string Message) : Refusal(Code, Message);

internal sealed record ExportsAreOff()
    : ExportRefusal("exports_off", "No folder is set for the mirror: set CUSTOMER360__EXPORTS__FOLDER.");

internal sealed record MirrorUnusable(string Sentence) : ExportRefusal("mirror_unusable", Sentence);

internal sealed record MirrorUnreadable()
    : ExportRefusal(
        "manifest_unreadable",
        "manifest.json of the mirror can't be read. Put it back from a copy, or begin an export with \"fresh\": true."
    );

internal sealed record MirrorNotThere()
    : ExportRefusal(
        "mirror_not_there",
        "The mirror that was written is not in its folder. Mount it, or, where it was deleted, begin an export with \"fresh\": true."
    );

internal sealed record MirrorRoleRefused(string Role, string Because)
    : ExportRefusal(
        "mirror_role_refused",
        $"The role '{Role}' of CUSTOMER360__EXPORTS__ROLE can't be used: {Because} See CUSTOMER360__EXPORTS__PURPOSE and access.yaml."
    );

internal sealed record MirrorOfAnother(string Role, string Purpose)
    : ExportRefusal(
        "mirror_of_another_role",
        $"The mirror in the folder was written as role '{Role}' for '{Purpose}'. Set another folder, or begin an export with \"fresh\": true."
    );

internal sealed record MirrorIsAhead(int Partition, long Position, long Head)
    : ExportRefusal(
        "mirror_ahead",
        $"The mirror has position {Position} of partition {Partition}, whose log ends at {Head}: the grid was restored. "
            + "Begin an export with \"fresh\": true."
    );

internal sealed record MirrorFileGone(string Path)
    : ExportRefusal(
        "mirror_file_gone",
        $"{Path} is gone, or is no longer as long as it was written. Begin an export with \"refresh\": true: it is made again from the grid."
    );

internal sealed record MirrorStartsElsewhere(DateOnly? From)
    : ExportRefusal(
        "mirror_from_another_day",
        $"The mirror begins at {(From is { } day ? day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : "its first message")}. "
            + "Leave \"from\" out, or begin an export with \"fresh\": true."
    );

internal sealed record MirrorAccessChanged()
    : ExportRefusal(
        "mirror_access_changed",
        "access.yaml has changed since the mirror was written. Begin an export first: it makes the mirror again by what is in force."
    );
