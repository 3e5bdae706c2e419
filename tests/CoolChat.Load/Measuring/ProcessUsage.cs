using System.Globalization;

namespace CoolChat.Load.Measuring;

/// <summary>What a process has used, from /proc.</summary>
internal static class ProcessUsage
{
    // The kernel gives /proc times in units of 1/100 s on every architecture Linux has.
    private const double TicksPerSecond = 100;

    /// <summary>User and system time so far.</summary>
    public static TimeSpan Cpu(int pid) => Time($"/proc/{pid}/stat");

    /// <summary>The same by name of the threads, so that one sees which part of a server costs what.</summary>
    public static IReadOnlyDictionary<string, TimeSpan> CpuByThread(int pid)
    {
        Dictionary<string, TimeSpan> used = [];
        foreach (string task in Directory.GetDirectories($"/proc/{pid}/task"))
        {
            try
            {
                string name = File.ReadAllText(task + "/comm").Trim();
                used[name] = used.GetValueOrDefault(name) + Time(task + "/stat");
            }
            catch (IOException)
            {
                // The thread has ended meanwhile.
            }
        }
        return used;
    }

    private static TimeSpan Time(string path)
    {
        string stat = File.ReadAllText(path);
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        double ticks = double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    /// <summary>Resident memory in MiB.</summary>
    public static double ResidentMiB(int pid)
    {
        string line = File.ReadLines($"/proc/{pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
