namespace Customer360.Api.Webhooks;

/// <summary>What became of a webhook.</summary>
/// <param name="Success">Always true: what is answered so is stored.</param>
/// <param name="Taken">Records that were taken.</param>
/// <param name="Skipped">Records that say nothing that is wanted.</param>
/// <param name="SetAside">Records that can't be read, and are kept until they can.</param>
public sealed record WebhookReceipt(bool Success, int Taken, int Skipped, int SetAside);
