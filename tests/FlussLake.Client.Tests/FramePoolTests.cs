using FlussLake.Client.Buffers;

namespace FlussLake.Client.Tests;

public sealed class FramePoolTests
{
    [Fact]
    public void Size_classes_waste_an_eighth_at_most()
    {
        for (int length = 4097; length < 300_000_000; length += 1 + (length / 7))
        {
            int size = FramePool.SizeClass(length);
            Assert.InRange(size, length, length + (length / 8) + 1);
            Assert.Equal(size, FramePool.SizeClass(size));
        }

        Assert.Equal(4096, FramePool.SizeClass(1));
        Assert.Equal(1 << 20, FramePool.SizeClass(1 << 20));
    }

    [Fact]
    public void A_frame_that_was_given_back_is_used_again_and_cannot_be_read_through_the_old_owner()
    {
        FramePool pool = new();
        PooledFrame first = pool.Rent(10_000);
        first.Span[0] = 77;
        Assert.Equal(1, pool.Rented);
        first.Dispose();
        first.Dispose();
        Assert.Equal(0, pool.Rented);
        Assert.Throws<ObjectDisposedException>(() => first.Span.Length);

        using PooledFrame second = pool.Rent(10_001);
        Assert.Equal(77, second.Span[0]);
        Assert.Equal(10_001, second.Length);
    }
}
