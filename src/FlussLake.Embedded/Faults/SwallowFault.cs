using FlussLake.Embedded.Rpc;

namespace FlussLake.Embedded.Faults;

/// <summary>Neither serves nor answers a request.</summary>
internal sealed class SwallowFault(FlussApi? api, int times) : Fault(api, times)
{
    public override bool TryPrevent(Call call)
    {
        call.Abandon();
        return true;
    }
}
