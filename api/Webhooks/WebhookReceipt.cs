namespace Customer360.Api.Webhooks;

/// <summary>What became of a webhook.</summary>
/// <param name="Success">Always true: what is answered so is stored.</param>
/// <param name="Taken">Records of which everything was taken.</param>
/// <param name="Skipped">Records that say nothing that is wanted.</param>
/// <param name="SetAside">Parts that can't be read or may not be taken, and are kept until they can. A body is one part.</param>
public sealed record WebhookReceipt(bool Success, int Taken, int Skipped, int SetAside);
