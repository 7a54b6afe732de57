using System.Text;

namespace FlussLake.Data.DuckDb;

/// <summary>Reads and writes the values of a VARCHAR vector. A <c>string_t</c> has 16 bytes: a length, and up to 12 bytes of text or a prefix and a pointer.</summary>
internal static unsafe class TextVector
{
    private const int ValueSize = 16;
    private const int InlineLength = 12;

    public static string? Read(nint vector, ulong row)
    {
        if (!IsValid(vector, row))
        {
            return null;
        }

        byte* value = (byte*)DuckDbNative.VectorGetData(vector) + (row * ValueSize);
        int length = checked((int)*(uint*)value);
        byte* text = length <= InlineLength ? value + 4 : *(byte**)(value + 8);
        return Encoding.UTF8.GetString(text, length);
    }

    public static void Write(nint vector, ulong row, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* pointer = bytes)
        {
            DuckDbNative.VectorAssignString(vector, row, pointer, (ulong)bytes.Length);
        }
    }

    public static bool IsValid(nint vector, ulong row)
    {
        ulong* validity = DuckDbNative.VectorGetValidity(vector);
        return validity is null || (validity[row / 64] & (1UL << (int)(row % 64))) != 0;
    }
}
