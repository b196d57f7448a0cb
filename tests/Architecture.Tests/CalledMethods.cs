using System.Collections.Frozen;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Customer360.Architecture.Tests;

/// <summary>Which methods a compiled assembly calls or takes references to, and in which of its types.</summary>
internal static class CalledMethods
{
    private static readonly FrozenDictionary<ushort, OperandType> s_operands = typeof(OpCodes)
        .GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(code => (ushort)code.Value, code => code.OperandType);

    /// <summary>Every call: the outermost type that it stands in, and the method's declaring type and name.</summary>
    public static List<Call> Of(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        MetadataReader metadata = file.GetMetadataReader();
        List<Call> calls = [];
        foreach (MethodDefinitionHandle handle in metadata.MethodDefinitions)
        {
            MethodDefinition method = metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0)
            {
                continue;
            }

            string caller = OutermostOf(metadata, method.GetDeclaringType());
            BlobReader il = file.GetMethodBody(method.RelativeVirtualAddress).GetILReader();
            foreach (int token in MethodTokens(ref il))
            {
                if (NameOf(metadata, MetadataTokens.EntityHandle(token)) is var (type, name))
                {
                    calls.Add(new Call(caller, type, name));
                }
            }
        }

        return calls;
    }

    private static List<int> MethodTokens(ref BlobReader il)
    {
        List<int> tokens = [];
        while (il.RemainingBytes > 0)
        {
            ushort code = il.ReadByte();
            if (code == 0xFE)
            {
                code = (ushort)(0xFE00 | il.ReadByte());
            }

            switch (s_operands[code])
            {
                case OperandType.InlineMethod or OperandType.InlineTok:
                    tokens.Add(il.ReadInt32());
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    il.Offset += 1;
                    break;
                case OperandType.InlineVar:
                    il.Offset += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    il.Offset += 8;
                    break;
                case OperandType.InlineSwitch:
                    // Read first: the offset on the left of += would be that before the count.
                    int targets = il.ReadInt32();
                    il.Offset += 4 * targets;
                    break;
                default:
                    il.Offset += 4;
                    break;
            }
        }

        return tokens;
    }

    private static (string Type, string Name)? NameOf(MetadataReader metadata, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.MethodSpecification:
                return NameOf(metadata, metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
            case HandleKind.MemberReference:
                MemberReference member = metadata.GetMemberReference((MemberReferenceHandle)handle);
                return member.Parent.Kind == HandleKind.TypeReference
                    ? (
                        metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name),
                        metadata.GetString(member.Name)
                    )
                    : null;
            default:
                return null;
        }
    }

    private static string OutermostOf(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? OutermostOf(metadata, outer)
            : metadata.GetString(type.Name);
    }

    /// <param name="In">The outermost type that holds the call.</param>
    /// <param name="Type">Where the called method is declared.</param>
    public sealed record Call(string In, string Type, string Method);
}
