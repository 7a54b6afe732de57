using System.Diagnostics;
using System.Globalization;

using FlussLake.Fuzz.Tests.Mutations;

namespace FlussLake.Fuzz.Tests.Fuzzing;

/// <summary>
/// A decoder of bytes from outside, and what must hold of it for every input: it decodes or refuses by its own typed error, in bounded time and memory, and keeps
/// nothing that it has borrowed.
/// </summary>
public abstract class FuzzTarget
{
    // A collection in between counts what it leaves unused of the thread's allocation buffer.
    private const long AllocationNoise = 256 << 10;

    /// <summary>What inputs are made from: whole and valid ones.</summary>
    protected abstract IReadOnlyList<byte[]> Corpus { get; }

    /// <summary>The most bytes that one input may make the decoder allocate, errors included.</summary>
    protected abstract long MaxAllocation(int inputLength);

    /// <summary>Decodes an input and walks all that came out of it.</summary>
    /// <returns>False where the decoder refused by its own typed error; every other exception is a defect.</returns>
    protected abstract bool TryDecode(byte[] input);

    /// <summary>The first bytes of a corpus entry.</summary>
    protected virtual byte[] Cut(byte[] entry, int length) => entry[..length];

    protected virtual byte[] Mutate(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random) => ByteMutation.Apply(input, corpus, random);

    /// <summary>What is still borrowed after an input; above 0 is a defect.</summary>
    protected virtual long Borrowed => 0;

    /// <summary>How many inputs share what <see cref="Renew"/> makes: an input is run again with those before it.</summary>
    protected virtual int RenewedEvery => 1;

    /// <summary>Makes anew what the inputs would otherwise leave traces in.</summary>
    protected virtual void Renew()
    {
    }

    [Fact]
    public void Every_input_is_decoded_or_refused_by_a_typed_error_in_bounded_time_and_memory()
    {
        string name = GetType().Name;
        InputSource source = new(Corpus, Cut, Mutate, FuzzOptions.Seed);
        FuzzReport report = new(name, FuzzOptions.Seed);
        using RunningInput running = new(name, FuzzOptions.Seed);
        if (running.EndedProcessAt is { } last)
        {
            Write($"{name}: the run before ended the process at input {last.ToString(CultureInfo.InvariantCulture)}.");
        }

        foreach (byte[] entry in Corpus)
        {
            Assert.True(TryDecode([.. entry]), $"{name} refuses an entry of its own corpus: {Convert.ToHexString(entry)}");
        }

        long first = FuzzOptions.Index is { } only ? only / RenewedEvery * RenewedEvery : 0;
        long end = FuzzOptions.Index + 1 ?? Math.Max(FuzzOptions.Inputs, source.Cuts + (FuzzOptions.Inputs / 2));
        for (long index = first; index < end && !report.IsFull; index++)
        {
            if (index % RenewedEvery == 0)
            {
                Renew();
            }

            Run(source.Make(index), index, running, report);
        }

        Write(report.ToString());
        Assert.True(report.Failures.Count == 0, string.Join("\n\n", report.Failures));
    }

    private void Run(byte[] input, long index, RunningInput running, FuzzReport report)
    {
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        long started = Stopwatch.GetTimestamp();
        running.Start(index, started);
        bool isDecoded = false;
        try
        {
            isDecoded = TryDecode(input);
        }
#pragma warning disable CA1031 // Whatever it is that a decoder throws beside its own error is what is looked for.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            string frame = exception.StackTrace?.Split('\n').FirstOrDefault(static line => line.Contains("FlussLake.", StringComparison.Ordinal)) ?? "";
            report.Fail(index, input, exception.GetType().Name + frame, exception.ToString());
        }

        TimeSpan time = Stopwatch.GetElapsedTime(started);
        running.End();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        report.Add(index, isDecoded, time, allocated);
        long most = MaxAllocation(input.Length);
        if (allocated > most + AllocationNoise)
        {
            report.Fail(index, input, "allocation", $"{allocated} bytes were allocated, {most} are the most.");
        }

        if (Borrowed > 0)
        {
            report.Fail(index, input, "borrowed", $"{Borrowed} stay borrowed.");
        }
    }

    private static void Write(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        Console.WriteLine(line);
    }
}
