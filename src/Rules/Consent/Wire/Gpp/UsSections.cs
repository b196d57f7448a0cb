using System.Collections.Frozen;
using System.Collections.Immutable;
using static Customer360.Rules.Consent.Wire.Gpp.UsIds;

namespace Customer360.Rules.Consent.Wire.Gpp;

/// <summary>
/// The US sections by their id, as the specifications of the Global Privacy Platform lay them out (Sections/US-National and
/// Sections/US-States of InteractiveAdvertisingBureau/Global-Privacy-Platform).
/// </summary>
internal static class UsSections
{
    /// <summary>Consent for a known child, to sell at 13 to 15, and to advertise to at 13 to 15.</summary>
    private static readonly ImmutableArray<ImmutableArray<string>> s_threeAges = [All, [Sale], [TargetedAdvertising]];

    /// <summary>The same, then to sell and to advertise to from 16 on.</summary>
    private static readonly ImmutableArray<ImmutableArray<string>> s_fiveAges =
    [
        .. s_threeAges,
        [Sale],
        [TargetedAdvertising],
    ];

    private static readonly FrozenDictionary<int, UsSection> s_sections = new Dictionary<int, UsSection>
    {
        [7] = new(2, [EarlyNation(), Nation()]),
        [8] = new(1, [California()]),
        [9] = State(Most, [All]),
        [10] = State([Origin, Religion, Health, Sexuality, Citizenship, Genetic, Biometric], [All]),
        [11] = State(
            [Origin, Religion, Sexuality, Citizenship, Health, Genetic, Biometric, Location],
            [All],
            isOptOut: true
        ),
        [12] = State(Most, s_threeAges),
        [13] = State(Most, [All, All, All], hasSecondaryUse: true),
        [14] = State(Most, s_threeAges, hasSecondaryUse: true),
        [15] = State(
            [
                Origin,
                Religion,
                Health,
                Sexuality,
                Transgender,
                Citizenship,
                NationalOrigin,
                CrimeVictim,
                Genetic,
                Biometric,
                Location,
            ],
            s_threeAges,
            hasSecondaryUse: true
        ),
        [16] = State(Most, [All], hasSecondaryUse: true),
        [17] = State([.. Most, Transgender], s_fiveAges, hasSecondaryUse: true),
        [18] = State(Most, [All], isOptOut: true),
        [19] = State(Most, [All], hasSecondaryUse: true),
        [20] = State(Most, s_threeAges, hasSecondaryUse: true),
        [21] = State([.. Most, Transgender, AccountAccess], s_fiveAges, hasSecondaryUse: true),
        [22] = State(Most, [All], hasSecondaryUse: true),
        [23] = State(Most, [All], hasSecondaryUse: true),
        [24] = new(1, [Short(hasChild: false)]),
        [25] = new(1, [Short(hasChild: true)], Sensitive(Most)),
        [26] = new(1, [Short(hasChild: true)], Sensitive(Most)),
        [27] = new(1, [Short(hasChild: true)], Sensitive(Most)),
    }.ToFrozenDictionary();

    /// <summary>Null of a section that is none of the United States, or that we don't know.</summary>
    public static UsSection? Of(int id) => s_sections.GetValueOrDefault(id);

    /// <summary>
    /// The states from Virginia to Minnesota: notices of processing, of sale and of advertising, the two opt-outs, kinds of
    /// sensitive data, children, secondary use where the law has it, and the three fields of the MSPA.
    /// </summary>
    /// <param name="isOptOut">Sensitive data are an opt-out with a notice of its own, not a consent.</param>
    private static UsSection State(
        ImmutableArray<string> sensitive,
        ImmutableArray<ImmutableArray<string>> children,
        bool hasSecondaryUse = false,
        bool isOptOut = false
    )
    {
        var writer = new UsLayoutWriter();
        writer.Skip();
        int saleNotice = writer.Skip();
        int advertisingNotice = writer.Skip();
        int? sensitiveNotice = isOptOut ? writer.Skip() : null;
        writer.OptOut(saleNotice, Sale);
        writer.OptOut(advertisingNotice, TargetedAdvertising);
        foreach (string id in sensitive)
        {
            if (sensitiveNotice is { } notice)
            {
                writer.OptOut(notice, id);
            }
            else
            {
                writer.Consent(id);
            }
        }

        foreach (ImmutableArray<string> ids in children)
        {
            writer.Child(ids);
        }

        if (hasSecondaryUse)
        {
            writer.Consent(SecondaryUse);
        }

        writer.Skip(3);
        return new UsSection(1, [writer.ToLayout()]);
    }

    /// <summary>
    /// The national section's first layout. Where it has the consent to secondary use, the second has a kind of sensitive
    /// data, and the start of the second is as long as the first: the field denies, but grants nothing.
    /// </summary>
    private static UsLayout EarlyNation()
    {
        UsLayoutWriter writer = NationTo(sensitive: 12, children: 2);
        writer.Refusal(SecondaryUse);
        writer.Skip(3);
        return writer.ToLayout();
    }

    private static UsLayout Nation()
    {
        UsLayoutWriter writer = NationTo(sensitive: 16, children: 3);
        writer.Consent(SecondaryUse);
        writer.Skip(3);
        return writer.ToLayout();
    }

    private static UsLayoutWriter NationTo(int sensitive, int children)
    {
        var writer = new UsLayoutWriter();
        writer.Skip();
        int saleNotice = writer.Skip();
        int sharingNotice = writer.Skip();
        int advertisingNotice = writer.Skip();
        writer.Skip(2);
        writer.OptOut(saleNotice, Sale);
        writer.OptOut(sharingNotice, Sharing);
        writer.OptOut(advertisingNotice, TargetedAdvertising);
        foreach (string id in SensitiveOfNation[..sensitive])
        {
            writer.Consent(id);
        }

        for (int i = 0; i < children; i++)
        {
            writer.Child(All);
        }

        return writer;
    }

    private static UsLayout California()
    {
        var writer = new UsLayoutWriter();
        int saleNotice = writer.Skip();
        int sharingNotice = writer.Skip();
        int limitNotice = writer.Skip();
        writer.OptOut(saleNotice, Sale);
        writer.OptOut(sharingNotice, Sharing);
        writer.OptOut(limitNotice, IdentityDocuments);
        writer.OptOut(limitNotice, AccountAccess);
        writer.OptOut(limitNotice, Location);
        writer.OptOut(limitNotice, Origin, Religion, Union);
        writer.OptOut(limitNotice, Messages);
        writer.OptOut(limitNotice, Genetic);
        writer.OptOut(limitNotice, Biometric);
        writer.OptOut(limitNotice, Health);
        writer.OptOut(limitNotice, Sexuality);
        writer.Child(Sale);
        writer.Child(Sharing);
        writer.Consent(SecondaryUse);
        writer.Skip(3);
        return writer.ToLayout();
    }

    /// <summary>The states from Maryland on: the version and two fields of the MSPA come first.</summary>
    private static UsLayout Short(bool hasChild)
    {
        var writer = new UsLayoutWriter();
        writer.Skip(3);
        int saleNotice = writer.Skip();
        int advertisingNotice = writer.Skip();
        writer.OptOut(saleNotice, Sale);
        writer.OptOut(advertisingNotice, TargetedAdvertising);
        if (hasChild)
        {
            writer.Child(All);
        }

        writer.Consent(SecondaryUse);
        return writer.ToLayout();
    }

    private static UsLayout Sensitive(ImmutableArray<string> kinds)
    {
        var writer = new UsLayoutWriter(start: 0);
        foreach (string id in kinds)
        {
            writer.Consent(id);
        }

        return writer.ToLayout();
    }
}
