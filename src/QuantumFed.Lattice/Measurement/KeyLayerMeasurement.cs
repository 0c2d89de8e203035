namespace QuantumFed.Lattice;

/// <summary>Times the key layer: all parties deal, all of the committee open.</summary>
internal static class KeyLayerMeasurement
{
    internal static (double Share, double Open, double Combine) Run(KaheParameters parameters, SharingParameters sharing, MedianTimer timer)
    {
        RoundKeyPair[] keys = [.. Enumerable.Range(0, sharing.CommitteeSize).Select(_ => RoundKeyPair.Generate())];
        byte[] context = [1, 2, 3];
        byte[][] Deal()
        {
            using KaheSecretKey secret = KaheSecretKey.Generate(parameters);
            using DealtShares shares = SecretSharing.Deal(secret, sharing);
            return [.. Enumerable.Range(1, sharing.CommitteeSize).Select(receiver => ShareSeal.Seal(shares[receiver], keys[receiver - 1].EncapsulationKey, context))];
        }
        double share = timer.Seconds(() => Deal());

        byte[][][] dealt = [.. Enumerable.Range(0, parameters.Parties).Select(_ => Deal())];
        ShareChallenge challenge = ShareChallenge.FromDigest(parameters.Set, new byte[32]);
        ShareSum Open(int receiver)
        {
            var opened = new List<SecretShare>();
            foreach (byte[][] sealedShares in dealt)
            {
                if (!ShareSeal.TryOpen(parameters.Set, keys[receiver - 1], sealedShares[receiver - 1], context, out SecretShare? own))
                    throw new InvalidOperationException("A sealed share does not open.");
                _ = own.MaskedCombination(challenge);
                opened.Add(own);
            }
            ShareSum sum = ShareSum.Of(opened);
            opened.ForEach(own => own.Dispose());
            return sum;
        }
        double open = timer.Seconds(() => Open(1));

        Dictionary<int, ShareSum> sums = Enumerable.Range(1, sharing.CommitteeSize).ToDictionary(receiver => receiver, Open);
        Dictionary<int, ShareSum> subset = sums.Where(sum => sum.Key <= sharing.Threshold).ToDictionary(sum => sum.Key, sum => sum.Value);
        Dictionary<int, ShareSum> others = sums.Where(sum => sum.Key > sharing.Threshold).ToDictionary(sum => sum.Key, sum => sum.Value);
        double combine = timer.Seconds(
            () =>
            {
                if (!KeySumCombiner.TryCombine(parameters, sharing, parameters.Parties, subset, out _) || KeySumCombiner.Inconsistent(sharing, subset, others).Count > 0)
                    throw new InvalidOperationException("Honest shares do not combine.");
            });
        foreach (RoundKeyPair key in keys)
            key.Dispose();
        return (share * 1e3, open * 1e3, combine * 1e3);
    }
}
