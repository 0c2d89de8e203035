using System.Numerics;
using System.Runtime.InteropServices;

namespace QuantumFed.Ledger;

/// <summary>
/// Bitcoin Core's libsecp256k1 where the system has it: constant-time, deterministic nonces (RFC 6979), ten times faster than the
/// platform. Looked for once; the answer holds for the process.
/// </summary>
internal sealed class NativeSecp256k1
{
    private const uint ContextSign = 0x0201;

    private static readonly Lazy<NativeSecp256k1?> Found = new(Load);

    // The SONAME differs by release: Debian 11 has .0, 12 has .1, 13 has .2 (or .6 from other sources).
    private static readonly string[] Names =
        ["libsecp256k1.so.6", "libsecp256k1.so.5", "libsecp256k1.so.2", "libsecp256k1.so.1", "libsecp256k1.so.0", "libsecp256k1"];

    private readonly Lock _lock = new();
    private readonly nint _context;
    private readonly SignRecoverable _sign;
    private readonly SerializeCompact _serialize;

    private NativeSecp256k1(nint library)
    {
        _sign = Export<SignRecoverable>(library, "secp256k1_ecdsa_sign_recoverable");
        _serialize = Export<SerializeCompact>(library, "secp256k1_ecdsa_recoverable_signature_serialize_compact");
        _context = Export<ContextCreate>(library, "secp256k1_context_create")(ContextSign);
    }

    private delegate nint ContextCreate(uint flags);

    private delegate int SignRecoverable(nint context, ref byte signature, ref byte hash, ref byte key, nint nonceFunction, nint nonceData);

    private delegate int SerializeCompact(nint context, ref byte output, out int recoveryId, ref byte signature);

    /// <summary>The library, or null where there is none.</summary>
    public static NativeSecp256k1? Instance => Found.Value;

    /// <summary>Signs a 32-byte hash with a 32-byte key; the result has a low s.</summary>
    public EcdsaSignature Sign(ReadOnlySpan<byte> hash, Span<byte> key)
    {
        Span<byte> input = stackalloc byte[32];
        hash.CopyTo(input);
        Span<byte> signature = stackalloc byte[65];
        Span<byte> compact = stackalloc byte[64];
        int recoveryId;
        lock (_lock)
        {
            if (_sign(_context, ref signature[0], ref input[0], ref key[0], 0, 0) != 1
                || _serialize(_context, ref compact[0], out recoveryId, ref signature[0]) != 1)
                throw new InvalidOperationException("libsecp256k1 refused a valid key.");
        }
        BigInteger r = new(compact[..32], isUnsigned: true, isBigEndian: true);
        BigInteger s = new(compact[32..], isUnsigned: true, isBigEndian: true);
        return new EcdsaSignature(r, s, (recoveryId & 1) == 1);
    }

    private static NativeSecp256k1? Load()
    {
        foreach (string name in Names)
        {
            // The recovery module is optional in upstream's build: a library without it counts as absent.
            if (NativeLibrary.TryLoad(name, out nint library)
                && NativeLibrary.TryGetExport(library, "secp256k1_ecdsa_sign_recoverable", out _))
                return new NativeSecp256k1(library);
        }
        return null;
    }

    private static T Export<T>(nint library, string name)
        where T : Delegate =>
        Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));
}
