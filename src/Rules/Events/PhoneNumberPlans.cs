using System.Collections.Frozen;
using System.Globalization;

namespace Customer360.Rules.Events;

/// <summary>How numbers are dialled in one region.</summary>
/// <param name="CallingCode">Country calling code without the plus.</param>
/// <param name="TrunkPrefixes">What is dialled before a national number and is no part of it; the longest
/// first.</param>
/// <param name="Lengths">Bit n set: a person's national number may have n digits.</param>
/// <param name="ExitPrefixes">What is dialled in place of the plus.</param>
internal sealed record PhoneNumberPlan(string CallingCode, string[] TrunkPrefixes, uint Lengths, string[] ExitPrefixes)
{
    public bool HasLength(int digits) => digits < 32 && (Lengths & (1u << digits)) != 0;
}

/// <summary>
/// The numbering plans as data: per ISO 3166 region its calling code, trunk prefixes (<c>-</c> for none), digits of a
/// person's national number (landline, mobile, internet, personal; no service numbers), and exit prefixes.
/// </summary>
/// <remarks>
/// Facts as published by the ITU (E.164, national notifications) and collected in Google's libphonenumber; taken from
/// the metadata of
/// <c>libphonenumber-js</c> 1.13.16 on 2026-11-22. <c>001</c> stands for networks of no country (satellites). Lengths
/// and prefixes only: which blocks of a plan are assigned changes weekly, and a table that is a month old must not
/// refuse a new number.
/// </remarks>
internal static class PhoneNumberPlans
{
    private const string Regions = """
        AC 247 - 5 00
        AD 376 - 6,9 00
        AE 971 0 8-9 00
        AF 93 0 9 00
        AG 1 1 10 011
        AI 1 1 10 011
        AL 355 0 8-9 00
        AM 374 0 8 00
        AO 244 - 9 00
        AR 54 0 10-11 00
        AS 1 1 10 011
        AT 43 0 4-13 00
        AU 61 0 9 0011
        AW 297 - 7 00
        AX 358 0 6-10 00
        AZ 994 0 9 00
        BA 387 0 8-9 00
        BB 1 1 10 011
        BD 880 0 6-10 00
        BE 32 0 8-9 00
        BF 226 - 8 00
        BG 359 0 6-9 00
        BH 973 - 8 00
        BI 257 - 8 00
        BJ 229 - 10 00
        BL 590 0 9 00
        BM 1 1 10 011
        BN 673 - 7 00
        BO 591 0 8 00/0014/0015
        BQ 599 - 7 00
        BR 55 0 10-11 0014/0015/0021/0031
        BS 1 1 10 011
        BT 975 - 7-8 00
        BW 267 - 7-8 00
        BY 375 80/8/0 9 810
        BZ 501 - 7 00
        CA 1 1 10 011
        CC 61 0 9 0011
        CD 243 0 7-10 00
        CF 236 - 8 00
        CG 242 - 9 00
        CH 41 0 9 00
        CI 225 - 10 00
        CK 682 - 5 00
        CL 56 - 9 00/1230
        CM 237 - 9 00
        CN 86 0 7-11 00
        CO 57 0 8,10 005/007/009
        CR 506 - 8 00
        CU 53 0 6-8,10 119
        CV 238 - 7 0
        CW 599 - 7-8 00
        CX 61 0 9 0011
        CY 357 - 8 00
        CZ 420 - 9 00
        DE 49 0 5-13 00
        DJ 253 - 8 00
        DK 45 - 8 00
        DM 1 1 10 011
        DO 1 1 10 011
        DZ 213 0 8-9 00
        EC 593 0 8-9 00
        EE 372 - 7-8 00
        EG 20 0 8-10 00
        EH 212 0 9 00
        ER 291 0 7 00
        ES 34 - 9 00
        ET 251 0 9 00
        FI 358 0 5-10 00
        FJ 679 - 7 00
        FK 500 - 5 00
        FM 691 - 7 00
        FO 298 - 6 00
        FR 33 0 9 00
        GA 241 - 7-8 00
        GB 44 0 9-10 00
        GD 1 1 10 011
        GE 995 0 9 00
        GF 594 0 9 00
        GG 44 0 10 00
        GH 233 0 9 00
        GI 350 - 8 00
        GL 299 - 6 00
        GM 220 - 7,9 00
        GN 224 - 8-9 00
        GP 590 0 9 00
        GQ 240 - 9 00
        GR 30 - 10 00
        GT 502 - 8 00
        GU 1 1 10 011
        GW 245 - 7,9 00
        GY 592 - 7 001
        HK 852 - 8 00/001/002/006/007/008/009
        HN 504 - 8 00
        HR 385 0 8-9 00
        HT 509 - 8 00
        HU 36 06 8-9 00
        ID 62 0 7-12 008/009
        IE 353 0 7-10 00
        IL 972 0 8-9,11-12 00/012
        IM 44 0 10 00
        IN 91 0 10 00
        IO 246 - 7 00
        IQ 964 0 8-10 00
        IR 98 0 6-7,10 00
        IS 354 - 7,9 00
        IT 39 - 6-12 00
        JE 44 0 10 00
        JM 1 1 10 011
        JO 962 0 8-9 00
        JP 81 0 9-10 010
        KE 254 0 7-9 000
        KG 996 0 9 00
        KH 855 0 8-9 001/005/006/007/008/009
        KI 686 0 5,8 00
        KM 269 - 7 00
        KN 1 1 10 011
        KP 850 0 8,10 00
        KR 82 0 5-6,8-11 001/002/005/006/008/009
        KW 965 - 8 00
        KY 1 1 10 011
        KZ 7 8 10 810
        LA 856 0 8-10 00
        LB 961 0 7-8 00
        LC 1 1 10 011
        LI 423 0 7,9 00
        LK 94 0 9 00
        LR 231 0 7-9 00
        LS 266 - 8 00
        LT 370 0/8 8 00
        LU 352 - 4-11 00
        LV 371 - 8 00
        LY 218 0 9 00
        MA 212 0 9 00
        MC 377 0 8-9 00
        MD 373 0 8 00
        ME 382 0 8 00
        MF 590 0 9 00
        MG 261 0 9 00
        MH 692 1 7 011
        MK 389 0 8 00
        ML 223 - 8 00
        MM 95 0 6-10 00
        MN 976 0 8-10 001
        MO 853 - 8 00
        MP 1 1 10 011
        MQ 596 0 9 00
        MR 222 - 8 00
        MS 1 1 10 011
        MT 356 - 8 00
        MU 230 - 7-8 00
        MV 960 - 7 00
        MW 265 0 7,9 00
        MX 52 - 10 00
        MY 60 0 8-10 00
        MZ 258 - 8-9 00
        NA 264 0 8-9 00
        NC 687 - 6 00
        NE 227 - 8 00
        NF 672 - 6 00
        NG 234 0 10 009
        NI 505 - 8 00
        NL 31 0 9,11 00
        NO 47 - 8 00
        NP 977 0 8,10 00
        NR 674 - 7 00
        NU 683 - 4,7 00
        NZ 64 0 8-10 00
        OM 968 - 8 00
        PA 507 - 7-8 00
        PE 51 0 8-9 00
        PF 689 - 8 00
        PG 675 - 7-8 00
        PH 63 0 6,8-10 00
        PK 92 0 9-10 00
        PL 48 - 7,9 00
        PM 508 0 6,9 00
        PR 1 1 10 011
        PS 970 0 8-9 00
        PT 351 - 9 00
        PW 680 - 7 011/012
        PY 595 0 7-9 00
        QA 974 - 8 00
        RE 262 0 9 00
        RO 40 0 6,9 00
        RS 381 0 7-12 00
        RU 7 8 10 810
        RW 250 0 8-9 00
        SA 966 0 9 00
        SB 677 - 5,7 00
        SC 248 - 7 00/010
        SD 249 0 9 00
        SE 46 0 7-9 00
        SG 65 - 8 000/001/002/003/005/006/007/008/009/010/011/012
        SH 290 - 4-5 00
        SI 386 0 8 00
        SJ 47 - 8 00
        SK 421 0 6-7,9 00
        SL 232 0 8 00
        SM 378 - 8,10 00
        SN 221 - 9 00
        SO 252 0 6-9 00
        SR 597 - 6-7 00
        SS 211 0 9 00
        ST 239 - 7 00
        SV 503 - 8 00
        SX 1 1 10 011
        SY 963 0 8-9 00
        SZ 268 - 8 00
        TA 290 - 4 00
        TC 1 1 10 011
        TD 235 - 8 00
        TG 228 - 8 00
        TH 66 0 8-9 001/002/003/005/006/007/008/009
        TJ 992 - 9 810
        TK 690 - 4-7 00
        TL 670 - 7-8 00
        TM 993 8 8 810
        TN 216 - 8 00
        TO 676 - 5,7 00
        TR 90 0 10 00
        TT 1 1 10 011
        TV 688 - 5-7 00
        TW 886 0 8-11 002/005/006/007/009
        TZ 255 0 9 000/005/006
        UA 380 0 9 00
        UG 256 0 9 000/005/007
        US 1 1 10 011
        UY 598 0 8 00
        UZ 998 - 9 00
        VA 39 - 6-11 00
        VC 1 1 10 011
        VE 58 0 10 00
        VG 1 1 10 011
        VI 1 1 10 011
        VN 84 0 9-10 00
        VU 678 - 5,7 00
        WF 681 - 6 00
        WS 685 - 5-7,10 0
        XK 383 0 8-12 00
        YE 967 0 7-9 00
        YT 262 0 9 00
        ZA 27 0 5-9 00
        ZM 260 0 9 00
        ZW 263 0 9-10 00
        001 870 - 9,12 -
        001 878 - 12 -
        001 881 - 9-10 -
        001 882 - 7-12 -
        001 883 - 8-12 -
        """;

    private static readonly FrozenDictionary<string, PhoneNumberPlan> ByRegion = Parse();

    private static readonly FrozenDictionary<string, PhoneNumberPlan> ByCallingCode = Combine();

    /// <summary>The plan of a region (<c>US</c>), or null where there is none.</summary>
    public static PhoneNumberPlan? OfRegion(string region) => ByRegion.GetValueOrDefault(region);

    /// <summary>
    /// The plan that digits after a plus begin with; where regions share a code, what any of them allows.
    /// </summary>
    public static PhoneNumberPlan? OfInternational(ReadOnlySpan<char> digits)
    {
        FrozenDictionary<string, PhoneNumberPlan>.AlternateLookup<ReadOnlySpan<char>> codes =
            ByCallingCode.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int length = 1; length <= 3 && length <= digits.Length; length++)
        {
            // Calling codes are prefix-free, so the first hit is the only one.
            if (codes.TryGetValue(digits[..length], out PhoneNumberPlan? plan))
            {
                return plan;
            }
        }

        return null;
    }

    private static FrozenDictionary<string, PhoneNumberPlan> Parse()
    {
        var plans = new Dictionary<string, PhoneNumberPlan>(StringComparer.Ordinal);
        foreach (
            string line in Regions.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        )
        {
            string[] fields = line.Split(' ');
            string key = fields[0] == "001" ? fields[1] : fields[0];
            plans.Add(
                key,
                new PhoneNumberPlan(fields[1], Prefixes(fields[2]), LengthsOf(fields[3]), Prefixes(fields[4]))
            );
        }

        return plans.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static FrozenDictionary<string, PhoneNumberPlan> Combine() =>
        ByRegion
            .Values.GroupBy(plan => plan.CallingCode, StringComparer.Ordinal)
            .ToFrozenDictionary(
                regions => regions.Key,
                regions => new PhoneNumberPlan(
                    regions.Key,
                    [
                        .. regions
                            .SelectMany(plan => plan.TrunkPrefixes)
                            .Distinct()
                            .OrderByDescending(prefix => prefix.Length),
                    ],
                    regions.Aggregate(0u, (lengths, plan) => lengths | plan.Lengths),
                    []
                ),
                StringComparer.Ordinal
            );

    private static string[] Prefixes(string field) => field == "-" ? [] : field.Split('/');

    private static uint LengthsOf(string field)
    {
        uint lengths = 0;
        foreach (string range in field.Split(','))
        {
            string[] ends = range.Split('-');
            int last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            for (int length = int.Parse(ends[0], CultureInfo.InvariantCulture); length <= last; length++)
            {
                lengths |= 1u << length;
            }
        }

        return lengths;
    }
}
