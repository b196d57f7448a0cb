using Customer360.Rules.Conditions;
using Customer360.Rules.Leads;

namespace Customer360.Rules.Audiences;

/// <summary>What a customer is told of its lead and its account.</summary>
public static class AudienceTold
{
    /// <param name="known">What the lead is decided by.</param>
    /// <param name="file">Null: there is none.</param>
    public static FactSet Of(FactSet known, LeadFile? file)
    {
        var told = new Dictionary<string, FactValue>(StringComparer.Ordinal);
        foreach ((string fact, FactKind kind) in AudienceCatalog.Told)
        {
            if (known[fact] is { IsKnown: true } value && value.Kind == kind)
            {
                told[fact] = value;
            }
        }

        if (file is { IsErased: false })
        {
            told["leadStage"] = FactValue.Of(file.Stage);
            told["leadStatus"] = FactValue.Of(LeadFileRules.WordOf(file.Lead.Status));
            told["score"] = FactValue.Of(file.Score);
            if (file.Lead.OwnerId is { } owner)
            {
                told["leadOwner"] = FactValue.Of(owner);
            }

            if (file.Tier is { } tier)
            {
                told["tier"] = FactValue.Of(tier);
            }
        }

        return new FactSet(told);
    }
}
