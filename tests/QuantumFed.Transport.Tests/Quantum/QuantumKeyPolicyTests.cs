using QuantumFed.Protocol;

namespace QuantumFed.Transport.Tests;

/// <summary>Every failure under every policy: what docs/quantum-keys.md says comes of it.</summary>
public sealed class QuantumKeyPolicyTests
{
    private static readonly LinkPolicy ThreeSeconds = LinkPolicy.Wait(TimeSpan.FromSeconds(3));

    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<LinkFailure, long?> Failures => new()
    {
        { LinkFailure.NoneAvailable, 0 },
        { LinkFailure.LinkAlarm, 12 },
        { LinkFailure.LinkAlarm, null },
        { LinkFailure.UnknownKey, 5 },
        { LinkFailure.NotGranted, null },
        { LinkFailure.Refused, 5 },
    };

    [Theory]
    [InlineData("require")]
    [InlineData("wait 3 s")]
    [InlineData("allow-pq-only")]
    public async Task A_key_at_once_is_the_choice_of_every_policy(string policy)
    {
        FakeKeySource source = new((LinkFailure?)null);
        PayloadKeyChoice choice = await Choose(LinkPolicy.Parse(policy), source);
        using QuantumKey key = Assert.IsType<PayloadKeyChoice.Quantum>(choice).Key;
        Assert.Equal((1, 0), (source.Obtained, source.StatusReads));
    }

    [Theory, MemberData(nameof(Failures))]
    public async Task Require_withholds_at_the_first_failure(LinkFailure failure, long? stored)
    {
        FakeKeySource source = new(failure) { Stored = stored };
        Assert.Equal(new PayloadKeyChoice.Withheld(failure, stored), await Choose(LinkPolicy.Require, source));
        Assert.Equal(1, source.Obtained);
    }

    [Theory, MemberData(nameof(Failures))]
    public async Task Allow_pq_only_downgrades_at_the_first_failure_and_says_why(LinkFailure failure, long? stored)
    {
        FakeKeySource source = new(failure) { Stored = stored };
        Assert.Equal(new PayloadKeyChoice.Downgraded(failure, stored), await Choose(LinkPolicy.AllowPostQuantumOnly, source));
        Assert.Equal(1, source.Obtained);
    }

    [Theory]
    [InlineData("require")]
    [InlineData("wait 1 s")]
    [InlineData("allow-pq-only")]
    public async Task One_that_was_not_reached_is_not_asked_for_its_count(string policy)
    {
        FakeKeySource source = new(LinkFailure.Unreachable) { Stored = 9 };
        Task<PayloadKeyChoice> choice = Choose(LinkPolicy.Parse(policy), source);
        await PassAsync(choice, seconds: 1);
        (LinkFailure Failure, long? Count) reason = await choice switch
        {
            PayloadKeyChoice.Withheld withheld => (withheld.Failure, withheld.StoredKeyCount),
            PayloadKeyChoice.Downgraded downgraded => (downgraded.Failure, downgraded.StoredKeyCount),
            _ => default,
        };
        Assert.Equal((LinkFailure.Unreachable, null), reason);
        Assert.Equal(0, source.StatusReads);
    }

    [Theory]
    [InlineData(LinkFailure.NoneAvailable)]
    [InlineData(LinkFailure.LinkAlarm)]
    [InlineData(LinkFailure.Unreachable)]
    public async Task Wait_asks_each_second_through_what_may_pass(LinkFailure failure)
    {
        FakeKeySource source = new(failure, failure, null);
        Task<PayloadKeyChoice> choice = Choose(ThreeSeconds, source);
        await PassAsync(choice, seconds: 1);
        Assert.False(choice.IsCompleted);
        await PassAsync(choice, seconds: 1);
        using QuantumKey key = Assert.IsType<PayloadKeyChoice.Quantum>(await choice).Key;
        Assert.Equal(3, source.Obtained);
    }

    [Theory]
    [InlineData(LinkFailure.NoneAvailable, 0L)]
    [InlineData(LinkFailure.LinkAlarm, 3L)]
    [InlineData(LinkFailure.Unreachable, null)]
    public async Task Wait_withholds_at_its_end(LinkFailure failure, long? stored)
    {
        FakeKeySource source = new(failure) { Stored = stored };
        Task<PayloadKeyChoice> choice = Choose(ThreeSeconds, source);
        await PassAsync(choice, seconds: 3);
        Assert.Equal(new PayloadKeyChoice.Withheld(failure, stored), await choice);
        Assert.Equal(3, source.Obtained);
    }

    [Theory]
    [InlineData(LinkFailure.UnknownKey)]
    [InlineData(LinkFailure.NotGranted)]
    [InlineData(LinkFailure.Refused)]
    public async Task Wait_does_not_wait_for_what_only_people_can_mend(LinkFailure failure)
    {
        FakeKeySource source = new(LinkFailure.NoneAvailable, failure) { Stored = 4 };
        Task<PayloadKeyChoice> choice = Choose(ThreeSeconds, source);
        await PassAsync(choice, seconds: 1);
        Assert.Equal(new PayloadKeyChoice.Withheld(failure, 4), await choice);
        Assert.Equal(2, source.Obtained);
    }

    [Fact]
    public async Task Wait_ends_though_the_key_manager_says_nothing()
    {
        FakeKeySource silent = new(LinkFailure.NoneAvailable) { SilentAt = 0 };
        Task<PayloadKeyChoice> first = Choose(ThreeSeconds, silent);
        await EndAsync();
        Assert.Equal(new PayloadKeyChoice.Withheld(LinkFailure.Unreachable, null), await first);

        FakeKeySource silentStatus = new(LinkFailure.LinkAlarm) { SilentStatus = true };
        Task<PayloadKeyChoice> second = Choose(ThreeSeconds, silentStatus);
        await EndAsync();
        Assert.Equal(new PayloadKeyChoice.Withheld(LinkFailure.LinkAlarm, null), await second);

        async Task EndAsync()
        {
            await _time.Armed.WaitAsync(Token);
            _time.Advance(ThreeSeconds.WaitTime);
        }
    }

    [Theory]
    [InlineData("require")]
    [InlineData("wait 3 s")]
    [InlineData("allow-pq-only")]
    public async Task The_callers_cancellation_is_no_choice(string policy)
    {
        using CancellationTokenSource cancel = new();
        FakeKeySource source = new(LinkFailure.NoneAvailable) { SilentAt = 0 };
        Task<PayloadKeyChoice> choice = QuantumKeyPolicy.ChooseAsync(LinkPolicy.Parse(policy), source, Consortium.CoordinatorName, _time, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => choice);
    }

    [Theory]
    [InlineData(null, PayloadFloor.MLKem)]
    [InlineData("allow-pq-only", PayloadFloor.MLKem)]
    [InlineData("require", PayloadFloor.QuantumKey)]
    [InlineData("wait 3 s", PayloadFloor.QuantumKey)]
    public void The_recipients_floor_follows_from_the_policy(string? policy, PayloadFloor floor) =>
        Assert.Equal(floor, QuantumKeyPolicy.FloorOf(policy is null ? null : LinkPolicy.Parse(policy)));

    private Task<PayloadKeyChoice> Choose(LinkPolicy policy, IQuantumKeySource source) =>
        QuantumKeyPolicy.ChooseAsync(policy, source, Consortium.CoordinatorName, _time, Token);

    // The first timer is the end of the wait, every other a pause: time passes only once the policy waits.
    private async Task PassAsync(Task<PayloadKeyChoice> choice, int seconds)
    {
        if (_time.GetUtcNow() == DateTimeOffset.UnixEpoch && !choice.IsCompleted)
            await _time.Armed.WaitAsync(Token);
        for (; seconds > 0 && !choice.IsCompleted; seconds--)
        {
            await _time.Armed.WaitAsync(Token);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
