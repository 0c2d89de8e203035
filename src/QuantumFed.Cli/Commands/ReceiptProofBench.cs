using System.Diagnostics;
using QuantumFed.Ledger;
using QuantumFed.Protocol;

namespace QuantumFed.Cli;

/// <summary>Times the checking of receipt proofs, for <c>qf bench ledger</c>.</summary>
internal static class ReceiptProofBench
{
    private const int Repetitions = 31;

    // Enough calls, and time, for the runtime to compile the loops a second time with what it learnt.
    private const int WarmUps = 40;
    private const double WarmUpSeconds = 0.5;

    // The transactions of a consortium's blocks, where all members commit within a few seconds.
    private static readonly int[] BlockSizes = [10, 30, 50];

    /// <summary>
    /// Proofs read from their bytes and checked against their block's hash, in a second, on the caller's thread: the median of several runs over all
    /// proofs of blocks of 10, 30 and 50 transactions, each receipt with one event of the size of a member's commitment.
    /// </summary>
    /// <param name="cancellation">Asked between two runs.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static double ProofsPerSecond(CancellationToken cancellation)
    {
        (Digest Block, ReadOnlyMemory<byte> Bytes)[] proofs = [.. BlockSizes.SelectMany(ProofsOf)];
        double[] seconds = new double[Repetitions];
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < WarmUps || Stopwatch.GetElapsedTime(begun).TotalSeconds < WarmUpSeconds; i++)
            Check(proofs, cancellation);
        for (int i = 0; i < Repetitions; i++)
        {
            long started = Stopwatch.GetTimestamp();
            Check(proofs, cancellation);
            seconds[i] = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        Array.Sort(seconds);
        return proofs.Length / seconds[Repetitions / 2];
    }

    private static void Check((Digest Block, ReadOnlyMemory<byte> Bytes)[] proofs, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach ((Digest block, ReadOnlyMemory<byte> bytes) in proofs)
        {
            if (!ReceiptProof.TryParse(bytes, out ReceiptProof? proof) || !proof.IsOf(block))
                throw new InvalidOperationException("A proof of a block's own receipt does not hold.");
        }
    }

    private static IEnumerable<(Digest Block, ReadOnlyMemory<byte> Bytes)> ProofsOf(int transactions)
    {
        byte[][] receipts = [.. Enumerable.Range(0, transactions).Select(ReceiptOf)];
        byte[] root = MerklePatriciaTrie.RootOfList([.. receipts.Select(receipt => (ReadOnlyMemory<byte>)receipt)]);
        byte[] header = HeaderOf(root);
        byte[] block = RlpItem.List(
            RlpItem.Of("quantumfed block 1"u8.ToArray()), RlpItem.Of(Keccak256.HashData(header)), RlpItem.Of(header), RlpItem.List(),
            RlpItem.List([.. receipts.Select(RlpItem.Of)])).Encode();
        return BlockEvidence.TryParse(block, out BlockEvidence? evidence) && ReceiptProof.TryProveAll(evidence, out var proofs)
            ? proofs.Select(proof => (evidence.Hash, proof.CanonicalBytes))
            : throw new InvalidOperationException("The block that was made up to be measured is none.");
    }

    // A receipt of type 2: status, gas so far, bloom and one event with three topics (which, round, member) and two words of data.
    private static byte[] ReceiptOf(int index)
    {
        RlpItem topics = RlpItem.List(RlpItem.Of(Word(1)), RlpItem.Of(Word(2)), RlpItem.Of(Word(index)));
        byte[] data = [.. Word(index + 1000), .. Word(index + 2000)];
        RlpItem log = RlpItem.List(RlpItem.Of(Word(3)[12..]), topics, RlpItem.Of(data));
        return
        [
            (byte)TransactionType.DynamicFee,
            .. RlpItem.List(RlpItem.Of(1), RlpItem.Of(59_000 * (ulong)(index + 1)), RlpItem.Of(new byte[256]), RlpItem.List(log)).Encode(),
        ];
    }

    // A header as a QBFT chain of four validators has it: a little over 700 bytes.
    private static byte[] HeaderOf(byte[] receiptsRoot) => RlpItem.List(
        RlpItem.Of(Word(10)), RlpItem.Of(Word(11)), RlpItem.Of(new byte[20]), RlpItem.Of(Word(12)), RlpItem.Of(Word(13)), RlpItem.Of(receiptsRoot),
        RlpItem.Of(new byte[256]), RlpItem.Of(1), RlpItem.Of(123_456), RlpItem.Of(30_000_000), RlpItem.Of(2_950_000), RlpItem.Of(1_790_000_000),
        RlpItem.Of(new byte[330]), RlpItem.Of(Word(14)), RlpItem.Of(new byte[8]), RlpItem.Of(0)).Encode();

    private static byte[] Word(int number) => Keccak256.HashData(BitConverter.GetBytes(number));
}
