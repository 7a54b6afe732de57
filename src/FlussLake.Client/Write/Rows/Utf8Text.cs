using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace FlussLake.Client.Write.Rows;

/// <summary>Turns text into UTF-8 in memory that serves one text after the other.</summary>
internal sealed class Utf8Text
{
    private const int ShortText = 1 << 20;

    private byte[] _bytes = new byte[128];

    /// <summary>Encodes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">The bytes, good until the next call.</param>
    /// <returns>False where a half of a surrogate pair stands alone in the text.</returns>
    public bool TryEncode(scoped ReadOnlySpan<char> text, out ReadOnlySpan<byte> bytes)
    {
        // Short texts get the room that they may need at most, long ones what they do need.
        int room = text.Length <= ShortText ? text.Length * 3 : Encoding.UTF8.GetByteCount(text);
        if (room > _bytes.Length)
        {
            _bytes = new byte[(int)Math.Min(Array.MaxLength, Math.Max(room, _bytes.Length * 2L))];
        }

        bool isValid = Utf8.FromUtf16(text, _bytes, out _, out int written, replaceInvalidSequences: false) == OperationStatus.Done;
        bytes = _bytes.AsSpan(0, written);
        return isValid;
    }
}
