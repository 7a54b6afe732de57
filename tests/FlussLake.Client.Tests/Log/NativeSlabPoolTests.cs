using FlussLake.Client.Log.Arrow;

namespace FlussLake.Client.Tests.Log;

public sealed class NativeSlabPoolTests
{
    [Fact]
    public void Slabs_are_large_enough_aligned_and_waste_at_most_a_fifth()
    {
        NativeSlabPool pool = new(0);
        for (long bytes = 1; bytes < 200L << 20; bytes = (bytes * 9 / 8) + 1)
        {
            NativeSlab slab = pool.Rent(bytes);
            Assert.InRange(slab.Size, bytes, Math.Max(4096, bytes + (bytes / 4)));
            Assert.Equal(0, slab.Address % 64);
            pool.Return(slab);
        }

        Assert.Equal(0, pool.RentedBytes);
        Assert.Equal(0, pool.KeptBytes);
    }

    [Fact]
    public void A_slab_that_came_back_is_lent_again()
    {
        NativeSlabPool pool = new(1 << 20);
        NativeSlab first = pool.Rent(10_000);
        Assert.Equal(first.Size, pool.RentedBytes);
        pool.Return(first);
        Assert.Equal(0, pool.RentedBytes);
        Assert.Equal(first.Size, pool.KeptBytes);
        Assert.Same(first, pool.Rent(9_500));
        Assert.Equal(0, pool.KeptBytes);
        NativeSlab second = pool.Rent(9_500);
        Assert.NotSame(first, second);
        pool.Return(first);
        pool.Return(second);
        Assert.Equal(0, pool.RentedBytes);
    }

    [Fact]
    public void No_more_is_kept_than_the_limit()
    {
        NativeSlabPool pool = new(20_000);
        NativeSlab[] slabs = [pool.Rent(8192), pool.Rent(8192), pool.Rent(8192)];
        foreach (NativeSlab slab in slabs)
        {
            pool.Return(slab);
        }

        Assert.Equal(16_384, pool.KeptBytes);
    }
}
