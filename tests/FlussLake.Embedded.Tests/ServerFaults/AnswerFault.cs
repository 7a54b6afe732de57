namespace FlussLake.Embedded.Tests.ServerFaults;

/// <summary>What becomes of an answer; the bytes lie in the length, in the header and in the body of its frame.</summary>
public enum AnswerFault
{
    ClosedBeforeIt,
    ClosedInItsLength,
    ClosedInItsHeader,
    ClosedInItsBody,
    CutShort,
    Misdirected,
    Garbled,
    Swallowed,
    Lost,
    StalledInItsLength,
    StalledInItsBody,
}
