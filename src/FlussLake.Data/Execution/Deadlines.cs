using System.Diagnostics.CodeAnalysis;

namespace FlussLake.Data.Execution;

/// <summary>
/// Does things later on one thread of ours: a time-out must fire while every thread-pool thread is blocked. The thread starts with the first deadline and ends some
/// time after the last. Actions are short.
/// </summary>
internal static class Deadlines
{
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(5);
    private static readonly object s_gate = new();

    private static readonly SortedSet<Deadline> s_pending = new(Comparer<Deadline>.Create(static (left, right) =>
        left.Due != right.Due ? left.Due.CompareTo(right.Due) : left.Id.CompareTo(right.Id)));

    private static long s_nextId;
    private static bool s_running;

    /// <summary>Does <paramref name="action"/> after <paramref name="delay"/>; disposing the result before that prevents it.</summary>
    public static Deadline Schedule(TimeSpan delay, Action action)
    {
        long due = Environment.TickCount64 + Math.Max(0, (long)Math.Min(Math.Ceiling(delay.TotalMilliseconds), int.MaxValue));
        lock (s_gate)
        {
            Deadline deadline = new(due, ++s_nextId, action);
            s_pending.Add(deadline);
            if (!s_running)
            {
                s_running = true;
                new Thread(Run) { IsBackground = true, Name = "FlussLake deadlines" }.UnsafeStart();
            }
            else if (ReferenceEquals(s_pending.Min, deadline))
            {
                Monitor.Pulse(s_gate);
            }

            return deadline;
        }
    }

    internal static void Remove(Deadline deadline)
    {
        lock (s_gate)
        {
            s_pending.Remove(deadline);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "One deadline must not end the others, nor the process.")]
    private static void Run()
    {
        while (true)
        {
            Deadline? next;
            lock (s_gate)
            {
                while (true)
                {
                    next = s_pending.Min;
                    if (next is null)
                    {
                        if (!Monitor.Wait(s_gate, s_idle) && s_pending.Count == 0)
                        {
                            s_running = false;
                            return;
                        }

                        continue;
                    }

                    long wait = next.Due - Environment.TickCount64;
                    if (wait <= 0)
                    {
                        s_pending.Remove(next);
                        break;
                    }

                    Monitor.Wait(s_gate, TimeSpan.FromMilliseconds(wait));
                }
            }

            try
            {
                next.Fire();
            }
            catch (Exception)
            {
                // A token's callbacks are other people's code; they must not take the other deadlines with them.
            }
        }
    }
}
