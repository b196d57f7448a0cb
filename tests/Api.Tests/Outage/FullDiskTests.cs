using System.Diagnostics;
using System.Net;
using Customer360.Api.Tests.Crash;

namespace Customer360.Api.Tests.Outage;

/// <summary>Marks a test that mounts a small disk of its own. Only root may do that; for others the test is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_reason = new(FindReason);

    public SmallDiskFactAttribute() => Skip = s_reason.Value;

    private static string? FindReason()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "Mounting a small disk needs root on Linux.";
        }

        string folder = Directory.CreateTempSubdirectory("c360-mount-").FullName;
        try
        {
            using SmallDisk disk = new(folder);
            return null;
        }
        catch (InvalidOperationException)
        {
            return "This container may not mount.";
        }
        finally
        {
            Directory.Delete(folder);
        }
    }
}

/// <summary>A disk of 8 MB in memory, mounted on an empty folder.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    public SmallDisk(string folder)
    {
        Run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder);
        _folder = folder;
    }

    private string Ballast => Path.Combine(_folder, "ballast");

    /// <summary>Fills the disk as if something else had taken all room that is left.</summary>
    public void Fill()
    {
        using FileStream file = new(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        // It is filled by pages first and then by bytes, since not one may be left.
        foreach (int size in new[] { 64 * 1024, 4096, 1 })
        {
            byte[] block = new byte[size];
            while (TryWrite(file, block)) { }
        }
    }

    /// <summary>Makes room again.</summary>
    public void Free() => File.Delete(Ballast);

    public void Dispose() => Run("umount", "-l", _folder);

    private static bool TryWrite(FileStream file, byte[] block)
    {
        try
        {
            file.Write(block);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { UseShellExecute = false, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
        }
    }
}

/// <summary>SQLite's disk is full and then has room again under the running service.</summary>
[Collection(ProcessCollection.Name), Trait(ProcessCollection.Kind, ProcessCollection.Name)]
public sealed class FullDiskTests : IDisposable
{
    private const int CallsMax = 10_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("c360-disk-").FullName;

    [SmallDiskFact]
    public async Task Collect_WhenDiskIsFull_RefusesUntilThereIsRoom()
    {
        using SmallDisk disk = new(_folder);
        await using ApiProcess api = new(("CUSTOMER360__DATA", Path.Combine(_folder, "data")));
        api.Start();
        await api.WaitUntilReadyAsync();
        await OutageSteps.AssertTakenAsync(api, "u1", "m1");

        disk.Fill();
        // What is in the file already (the write-ahead log is written over from its start) may take some messages yet.
        int taken = await CountUntilRefusedAsync(number => OutageSteps.SendAsync(api, "u1", $"f{number}"));
        await OutageSteps.AssertRefusedAsync(api, "u1", "refused");
        // A person's read is written down before it is answered, and the last bytes may have room for some records.
        await CountUntilRefusedAsync(_ => OutageSteps.GetProfileAsync(api.Http, "u1"));
        // A service's read needs no room.
        await OutageSteps.ReadProfileAsync(api.ServiceHttp, "u1");

        disk.Free();
        await OutageSteps.AssertRecoversAsync(api, "u1", "refused", messages: taken + 2);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>How many calls were answered with 200 before one was refused, which a full disk rolls back.</summary>
    private static async Task<int> CountUntilRefusedAsync(Func<int, Task<HttpResponseMessage>> call)
    {
        for (int number = 0; number < CallsMax; number++)
        {
            using HttpResponseMessage response = await call(number);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                return number;
            }

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        throw new InvalidOperationException("The disk never became full.");
    }
}
