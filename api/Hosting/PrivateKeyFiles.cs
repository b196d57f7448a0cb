using System.Xml.Linq;
using Customer360.Silo.Hosting;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Customer360.Api.Hosting;

/// <summary>The keys that cookies are sealed with, as files that only their owner may read: who has them can open a stolen cookie.</summary>
internal sealed class PrivateKeyFiles(DirectoryInfo folder, ILoggerFactory loggers)
    : FileSystemXmlRepository(folder, loggers)
{
    public override void StoreElement(XElement element, string friendlyName)
    {
        base.StoreElement(element, friendlyName);
        foreach (FileInfo file in Directory.EnumerateFiles("*.xml"))
        {
            PrivateFiles.TryNarrow(file.FullName);
        }
    }
}
