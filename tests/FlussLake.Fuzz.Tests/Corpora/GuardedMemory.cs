using System.Runtime.InteropServices;

namespace FlussLake.Fuzz.Tests.Corpora;

/// <summary>
/// Native memory whose end lies at a page that may not be touched (on Linux), so that native code that reads or writes behind it ends the process. Bytes before what is
/// placed there hold a mark.
/// </summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const byte Mark = 0xA5;
    private const int MarkLength = 64;
    private const int None = 0;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly nint _start;
    private readonly int _capacity;

    public GuardedMemory(int capacity)
    {
        int page = Environment.SystemPageSize;
        _capacity = (capacity + MarkLength + page - 1) / page * page;
        if (!OperatingSystem.IsLinux())
        {
            _start = (nint)NativeMemory.Alloc((nuint)_capacity);
            return;
        }

        _start = Map(0, (nuint)(_capacity + page), ReadWrite, PrivateAnonymous, -1, 0);
        if (_start == -1 || Protect(_start + _capacity, (nuint)page, None) != 0)
        {
            throw new InsufficientMemoryException("No memory could be mapped.");
        }
    }

    /// <summary>The last <paramref name="length"/> bytes, behind a fresh mark.</summary>
    public byte* Last(int length)
    {
        byte* start = (byte*)_start + _capacity - length;
        new Span<byte>(start - MarkLength, MarkLength).Fill(Mark);
        return start;
    }

    /// <summary>Copies bytes to the end.</summary>
    public ReadOnlySpan<byte> Place(ReadOnlySpan<byte> bytes)
    {
        Span<byte> placed = new(Last(bytes.Length), bytes.Length);
        bytes.CopyTo(placed);
        return placed;
    }

    /// <summary>Whether the bytes before the last <paramref name="length"/> are as they were.</summary>
    public bool IsWhole(int length) => new ReadOnlySpan<byte>((byte*)_start + _capacity - length - MarkLength, MarkLength).IndexOfAnyExcept(Mark) < 0;

    public void Dispose()
    {
        if (OperatingSystem.IsLinux())
        {
            Unmap(_start, (nuint)(_capacity + Environment.SystemPageSize));
        }
        else
        {
            NativeMemory.Free((void*)_start);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nuint length);
}
