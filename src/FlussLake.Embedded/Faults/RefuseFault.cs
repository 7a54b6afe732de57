using FlussLake.Client;
using FlussLake.Embedded.Rpc;

namespace FlussLake.Embedded.Faults;

/// <summary>Answers a request with an error instead of serving it.</summary>
internal sealed class RefuseFault(FlussApi? api, FlussErrorCode code, string message, int times) : Fault(api, times)
{
    public override bool TryPrevent(Call call)
    {
        call.Refuse(code, message);
        return true;
    }
}
