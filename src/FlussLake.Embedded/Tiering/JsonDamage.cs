using System.Text.Json;

namespace FlussLake.Embedded.Tiering;

/// <summary>How JSON that is not what it should be shows when it is read by name: each node is looked at late, and has exceptions of its own.</summary>
internal static class JsonDamage
{
    /// <summary>Whether an exception says so. ArgumentException: a name is there twice. InvalidOperationException and FormatException: a value of another kind, or text that is no Unicode.</summary>
    public static bool IsShownBy(Exception exception) =>
        exception is JsonException or InvalidOperationException or FormatException or ArgumentException or OverflowException;
}
