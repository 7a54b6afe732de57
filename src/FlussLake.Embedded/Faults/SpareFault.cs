namespace FlussLake.Embedded.Faults;

/// <summary>Lets requests pass, so that what follows in the script begins later.</summary>
internal sealed class SpareFault(FlussApi? api, int times) : Fault(api, times);
