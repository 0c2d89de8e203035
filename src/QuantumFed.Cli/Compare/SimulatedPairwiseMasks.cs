using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using QuantumFed.Federation;
using QuantumFed.Learning;
using QuantumFed.Protocol;
using QuantumFed.Randomness;

namespace QuantumFed.Cli;

/// <summary>
/// Secure aggregation with pairwise masks after Bonawitz et al. (CCS 2017), simulated in one process with no dropouts: keys are agreed on by ECDH P-256,
/// masks drawn from AES-256-CTR, added modulo 2^32 and removed; secret shares are counted in bytes but not made.
/// </summary>
internal sealed class SimulatedPairwiseMasks(LearningTask task, int members)
{
    private const int PublicKeyBytes = 65;
    private const int SealedShareBytes = 2 * 32 + 28;
    private const int SeedBytes = 32;

    private readonly UpdateCodec _codec = TaskTerms.CodecOf(task);
    private readonly RandomStream _rounding = RandomStream.FromOperatingSystem();

    /// <summary>Bytes a member sends and receives in a round, without the model: two public keys to the server and those of all others back, two sealed shares to
    /// and from each other member, the masked vector of 32-bit words, and the shares it gives up at the end.</summary>
    public double BytesPerRound => 2.0 * PublicKeyBytes * members + 2.0 * (members - 1) * SealedShareBytes + sizeof(uint) * (double)_codec.ValueCount
        + SeedBytes * (double)members;

    /// <summary>The exact weighted mean, from masked vectors only.</summary>
    public AveragedUpdate Add(int round, IReadOnlyList<(double[] Delta, int Rows)> updates)
    {
        ECDiffieHellman[] keys = [.. updates.Select(_ => ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256))];
        try
        {
            uint[] sum = new uint[_codec.ValueCount];
            for (int i = 0; i < updates.Count; i++)
            {
                if (!_codec.TryEncode([updates[i].Delta], updates[i].Rows, _rounding, out EncodedUpdate? encoded))
                    throw new TrainingDivergedException("Training diverged under pairwise masks; lower the learning rate.");
                uint[] masked = encoded.Values;
                for (int j = 0; j < updates.Count; j++)
                {
                    if (i != j)
                        Mask(masked, keys[i].DeriveKeyFromHash(keys[j].PublicKey, HashAlgorithmName.SHA256), round, add: i < j);
                }
                // The member's own mask comes off again when enough members give up its shares.
                byte[] own = RandomNumberGenerator.GetBytes(SeedBytes);
                Mask(masked, own, round, add: true);
                Mask(masked, own, round, add: false);
                for (int k = 0; k < sum.Length; k++)
                    sum[k] += masked[k];
            }
            return _codec.TryDecode([.. sum.Select(word => (ulong)word)], updates.Count, out AveragedUpdate? average)
                ? average
                : throw new InvalidDataException("The masks do not cancel.");
        }
        finally
        {
            foreach (ECDiffieHellman key in keys)
                key.Dispose();
        }
    }

    private static void Mask(uint[] values, byte[] secret, int round, bool add)
    {
        byte[] seed = new byte[secret.Length + sizeof(int)];
        secret.CopyTo(seed, 0);
        BinaryPrimitives.WriteInt32LittleEndian(seed.AsSpan(secret.Length), round);
        using RandomStream stream = RandomStream.FromSeed(seed, "QuantumFed.Comparison.Mask");
        uint[] mask = new uint[values.Length];
        stream.Fill(MemoryMarshal.AsBytes(mask.AsSpan()));
        for (int k = 0; k < values.Length; k++)
            values[k] = add ? values[k] + mask[k] : values[k] - mask[k];
    }
}
