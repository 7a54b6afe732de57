using FlussLake.Embedded.Faults;

namespace FlussLake.Embedded.Tests.ServerFaults;

/// <summary>How a script says what becomes of an answer.</summary>
internal static class AnswerFaults
{
    public static void Add(this FaultScript script, AnswerFault fault, FlussApi api, int times)
    {
        switch (fault)
        {
            case AnswerFault.ClosedBeforeIt:
                script.DropConnection(api, 0, times);
                break;
            case AnswerFault.ClosedInItsLength:
                script.DropConnection(api, 3, times);
                break;
            case AnswerFault.ClosedInItsHeader:
                script.DropConnection(api, 7, times);
                break;
            case AnswerFault.ClosedInItsBody:
                script.DropConnection(api, 10, times);
                break;
            case AnswerFault.CutShort:
                script.Truncate(1, api, times);
                break;
            case AnswerFault.Misdirected:
                script.Misdirect(api, times);
                break;
            case AnswerFault.Garbled:
                script.Garble(api, times);
                break;
            case AnswerFault.Swallowed:
                script.Swallow(api, times);
                break;
            case AnswerFault.Lost:
                script.LoseAnswer(api, times);
                break;
            case AnswerFault.StalledInItsLength:
                script.Stall(api, 3, times);
                break;
            case AnswerFault.StalledInItsBody:
                script.Stall(api, 10, times);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(fault));
        }
    }
}
