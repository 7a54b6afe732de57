using FlussLake.Client.Log.Arrow;

namespace FlussLake.Client.Tests.Log;

public sealed class DecodedLogBatchTests
{
    private readonly NativeSlabPool _pool = new(1 << 20) { PoisonReturned = true };

    [Fact]
    public void Memory_is_given_back_with_the_last_reference()
    {
        DecodedLogBatch batch = Decode();
        batch.AddReference();
        batch.Release();
        Assert.Equal(batch.NativeBytes, _pool.RentedBytes);
        Assert.Equal(7, batch.Columns.Length);
        batch.Release();
        Assert.Equal(0, _pool.RentedBytes);
    }

    [Fact]
    public void Nothing_can_be_done_with_a_batch_after_its_last_release()
    {
        DecodedLogBatch batch = Decode();
        batch.Release();
        Assert.Throws<ObjectDisposedException>(() => batch.Columns.Length);
        Assert.Throws<ObjectDisposedException>(batch.AddReference);
        Assert.Throws<InvalidOperationException>(batch.Release);
        Assert.Equal(0, _pool.RentedBytes);
    }

    [Fact]
    public void A_batch_stays_as_it_is_while_others_are_decoded()
    {
        BatchFixture fixture = BatchFixture.Load("generated_zstd", "generated");
        using LogBatchDecoder decoder = new(_pool);
        BatchLayout layout = fixture.Layout();
        DecodedLogBatch kept = decoder.Decode(fixture.Log, BatchFixture.Header(fixture.Log), layout);
        for (int i = 0; i < 5; i++)
        {
            decoder.Decode(fixture.Log, BatchFixture.Header(fixture.Log), layout).Release();
        }

        Assert.Equal(fixture.Expected(1, 0, 150), BatchFixture.Read(kept.Columns[1]));
        kept.Release();
        Assert.Equal(0, _pool.RentedBytes);
    }

    [Fact]
    public void References_may_be_released_on_any_thread()
    {
        DecodedLogBatch batch = Decode();
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.Length; i++)
        {
            batch.AddReference();
            threads[i] = new Thread(() =>
            {
                for (int round = 0; round < 10_000; round++)
                {
                    batch.AddReference();
                    batch.Release();
                }

                batch.Release();
            });
        }

        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.Equal(batch.NativeBytes, _pool.RentedBytes);
        batch.Release();
        Assert.Equal(0, _pool.RentedBytes);
    }

    [Fact]
    public void Decoding_makes_little_garbage()
    {
        BatchFixture fixture = BatchFixture.Load("generated_zstd", "generated");
        using LogBatchDecoder decoder = new(_pool);
        BatchLayout layout = fixture.Layout();
        decoder.Decode(fixture.Log, BatchFixture.Header(fixture.Log), layout).Release();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            decoder.Decode(fixture.Log, BatchFixture.Header(fixture.Log), layout).Release();
        }

        // The batch object and the array of its seven columns.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 0, 1024);
    }

    [Fact]
    public void A_column_cannot_be_wanted_twice_or_without_being_there()
    {
        BatchFixture fixture = BatchFixture.Load("generated_zstd", "generated");
        Assert.Throws<ArgumentException>(() => BatchLayout.Create(BatchFixture.Table, fixture.Columns, [1, 1]));
        Assert.Throws<ArgumentException>(() => BatchLayout.Create(BatchFixture.Table, fixture.Columns, [7]));
        Assert.Throws<ArgumentException>(() => BatchLayout.Create(BatchFixture.Table, fixture.Columns, [-1]));
    }

    private DecodedLogBatch Decode()
    {
        BatchFixture fixture = BatchFixture.Load("generated_zstd", "generated");
        using LogBatchDecoder decoder = new(_pool);
        return decoder.Decode(fixture.Log, BatchFixture.Header(fixture.Log), fixture.Layout());
    }
}
