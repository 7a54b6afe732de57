using System.Text;
using System.Text.Unicode;
using FlussLake.Client.Metadata;

namespace FlussLake.Client.Write.Columns;

/// <summary>
/// CHAR and STRING: valid UTF-8 only, since nobody could read a table with anything else. CHAR(n) is neither padded nor trimmed; more than n characters (Unicode code
/// points) are refused, though the Java client writes them.
/// </summary>
internal sealed class TextColumnWriter(string place, FlussType type) : VariableWidthColumnWriter(place, type)
{
    private readonly int _longest = type.Kind == FlussTypeKind.Char ? type.Length : int.MaxValue;

    protected override void Check(ReadOnlySpan<byte> value)
    {
        if (!Ascii.IsValid(value) && !Utf8.IsValid(value))
        {
            throw ValueErrors.NotUtf8(Place, Type);
        }

        if (value.Length > _longest && Characters(value) is int characters && characters > _longest)
        {
            throw ValueErrors.TooLong(Place, Type, characters);
        }
    }

    private static int Characters(ReadOnlySpan<byte> text)
    {
        int count = 0;
        foreach (byte unit in text)
        {
            count += (unit & 0xC0) != 0x80 ? 1 : 0;
        }

        return count;
    }
}
