using System.Collections;
using System.Collections.Concurrent;

using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace FlussLake.Client.Protocol;

/// <summary>
/// The required fields of one kind of message and of the messages inside of it. Protobuf's own check takes about a kilobyte for each message, which makes a small answer of many
/// tiny messages cost a hundred times its size; this one takes nothing.
/// </summary>
internal sealed class RequiredFields
{
    private static readonly ConcurrentDictionary<MessageDescriptor, RequiredFields> s_known = new();

    private readonly IFieldAccessor[] _required;
    private readonly IFieldAccessor[] _single;
    private readonly IFieldAccessor[] _repeated;

    private RequiredFields(MessageDescriptor kind)
    {
        IList<FieldDescriptor> fields = kind.Fields.InDeclarationOrder();
        _required = [.. fields.Where(static field => field.IsRequired).Select(static field => field.Accessor)];
        _single = [.. fields.Where(static field => field.FieldType == FieldType.Message && !field.IsRepeated).Select(static field => field.Accessor)];
        _repeated = [.. fields.Where(static field => field.FieldType == FieldType.Message && field.IsRepeated).Select(static field => field.Accessor)];
    }

    /// <summary>Whether every required field is there, at every depth.</summary>
    public static bool AreSet(IMessage message) => s_known.GetOrAdd(message.Descriptor, static kind => new RequiredFields(kind)).AreSetIn(message);

    private bool AreSetIn(IMessage message)
    {
        foreach (IFieldAccessor field in _required)
        {
            if (!field.HasValue(message))
            {
                return false;
            }
        }

        foreach (IFieldAccessor field in _single)
        {
            if (field.GetValue(message) is IMessage inner && !AreSet(inner))
            {
                return false;
            }
        }

        foreach (IFieldAccessor field in _repeated)
        {
            IList list = (IList)field.GetValue(message);
            for (int i = 0; i < list.Count; i++)
            {
                if (!AreSet((IMessage)list[i]!))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
