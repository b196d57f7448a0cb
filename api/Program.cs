using Customer360.Api.Demo;
using Customer360.Api.Exports;
using Customer360.Api.Hosting;
using Customer360.Api.Security;
using Customer360.Silo.Audit;
using Customer360.Silo.Backup;
using Customer360.Silo.EventContracts;
using Customer360.Silo.Hosting;
using Customer360.Silo.Keys;
using Customer360.Silo.Policies;
using Customer360.Silo.Start;

if (CommandHelp.Answer(args, Console.Out, Console.Error) is { } answered)
{
    return answered;
}

if (args is [PoliciesCommand.Name, ..])
{
    return PoliciesCommand.Run(args.AsSpan(1), Console.Out, Console.Error);
}

if (args is [ContractsCommand.Name, ..])
{
    return ContractsCommand.Run(args.AsSpan(1), TimeProvider.System.GetUtcNow(), Console.Out, Console.Error);
}

if (args is [BackupCommand.Name or BackupCommand.RestoreName, ..])
{
    IConfiguration configuration = WebApplication.CreateBuilder([]).Configuration;
    return args[0] == BackupCommand.Name
        ? BackupCommand.Backup([.. args[1..]], configuration, Console.Out, Console.Error)
        : await BackupCommand.RestoreAsync([.. args[1..]], configuration, Console.Out, Console.Error);
}

if (args is [KeysCommand.Name, ..])
{
    return await KeysCommand.RunAsync(args[1..], Console.Out, Console.Error);
}

if (args is [DemoCommand.Name, ..])
{
    return await DemoCommand.RunAsync(args[1..], Console.Out, Console.Error);
}

if (args is [ExportCommand.Name, ..])
{
    return await ExportCommand.RunAsync(args[1..], Console.Out, Console.Error);
}

if (args is [AuditCommand.Name, ..])
{
    IConfiguration settings = new ConfigurationBuilder().AddEnvironmentVariables().Build();
    return await AuditCommand.RunAsync(args.AsMemory(1), settings, Console.Out, Console.Error, CancellationToken.None);
}

try
{
    // Settings are read at the start. Watching their files would watch the whole folder, the data in it, too: each write
    // of the database would wake the watcher (5 % of the processor under load).
    WebApplicationBuilder builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
    builder.RequireGoodKeys();
    builder.AddApi(static one => one.AddGridClient());
    builder.StartGridInBackground();

    WebApplication app = builder.Build();
    app.UseApi();
    await app.RunGridAsync(app.Greet);
    return 0;
}
catch (Exception exception) when (StartRefusal.Of(exception) is { } sentence)
{
    await Console.Error.WriteLineAsync(sentence);
    return 1;
}
