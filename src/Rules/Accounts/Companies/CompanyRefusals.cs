using Customer360.Rules.Outcomes;

namespace Customer360.Rules.Accounts;

/// <summary>What stands against a merge or a split of companies.</summary>
public abstract record CompanyRefusal(string Code, string Message) : Refusal(Code, Message);

/// <summary>A split has said that they are two.</summary>
public sealed record CompaniesSeparated()
    : CompanyRefusal("separated", "A split keeps these companies apart from each other.");

/// <summary>Together they would have more group ids than a company may have.</summary>
public sealed record CompanyTooLarge()
    : CompanyRefusal("too_large", "Together they would have more than the 100 group ids that a company may have.");

/// <summary>A group id that was named is another company's.</summary>
public sealed record GroupsNotOfCompany()
    : CompanyRefusal("groups_not_held", "The company does not have every group id that was named.");

/// <summary>Nothing would stay.</summary>
public sealed record SplitOfWholeCompany()
    : CompanyRefusal("split_of_everything", "At least one group id must stay with the company.");

/// <summary>Each split makes a younger company, and their ids have room for 99 of one behind the other.</summary>
public sealed record CompanySplitTooOften()
    : CompanyRefusal("split_too_often", "It was split out of others 99 times: merge it first.");
