using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.System.Tests;

/// <summary>The coordinator's floor for each member, and which keys it fetches for seals.</summary>
public sealed class CoordinatorLinksTests
{
    private static readonly MemberId North = MemberId.Parse("north");

    [Theory]
    [InlineData(null, false, PayloadFloor.MLKem)]
    [InlineData(null, true, PayloadFloor.MLKem)]
    [InlineData("require", false, PayloadFloor.QuantumKey)]
    [InlineData("wait 5 s", false, PayloadFloor.QuantumKey)]
    [InlineData("allow-pq-only", false, PayloadFloor.MLKem)]
    [InlineData("allow-pq-only", true, PayloadFloor.QuantumKey)]
    public void The_floor_follows_from_the_policy_and_the_coordinators_own_may_only_raise_it(string? policy, bool requireQuantumKeys, PayloadFloor floor) =>
        Assert.Equal(floor, new CoordinatorLinks(new Dictionary<MemberId, IQuantumKeySource>(), requireQuantumKeys).FloorOf(Member(policy)));

    [Fact]
    public async Task A_seal_without_a_key_fetches_none_and_one_that_names_several_fetches_none_either()
    {
        var source = new OneKey();
        CoordinatorLinks links = new(new Dictionary<MemberId, IQuantumKeySource> { [North] = source }, false);
        Assert.Null(await links.KeyOfAsync(Member("require"), Header(0), TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Null(await links.KeyOfAsync(Member("require"), Header(2), TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Equal(0, source.Asked);
        using QuantumKey? key = await links.KeyOfAsync(Member("require"), Header(1), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal((1, Header(1).KeyIds[0]), (source.Asked, key!.Id));
    }

    [Fact]
    public async Task A_member_without_a_link_cannot_make_the_coordinator_ask_for_keys()
    {
        CoordinatorLinks links = new(new Dictionary<MemberId, IQuantumKeySource>(), false);
        QuantumKeyException refusal = await Assert.ThrowsAsync<QuantumKeyException>(
            () => links.KeyOfAsync(Member(null), Header(1), TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Equal(LinkFailure.Refused, refusal.Failure);
    }

    private static AgreedMember Member(string? policy) => new(North, default, null!, policy is null ? null : LinkPolicy.Parse(policy));

    private static SealHeader Header(byte keys)
    {
        byte[] bytes = [1, keys == 0 ? (byte)PayloadMode.MLKemOnly : (byte)PayloadMode.MLKemAndQuantumKey, keys, .. new byte[16 * keys + 1088 + 32]];
        Assert.True(SealHeader.TryRead(bytes, out SealHeader? header));
        return header;
    }

    private sealed class OneKey : IQuantumKeySource
    {
        public int Asked { get; private set; }

        public Task<QuantumKeyStatus> ReadStatusAsync(MemberId slave, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<QuantumKey> ObtainAsync(MemberId slave, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<QuantumKey> RetrieveAsync(MemberId master, QuantumKeyId id, CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult(QuantumKey.Create(id, new byte[QuantumKey.MinSizeInBytes]));
        }
    }
}
