namespace FlussLake.Cluster.Tests.Kit;

/// <summary>The lab refused a command or ended.</summary>
public sealed class LabException : Exception
{
    public LabException(string message)
        : base(message)
    {
    }
}
