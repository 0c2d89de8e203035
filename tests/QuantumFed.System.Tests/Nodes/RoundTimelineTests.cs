using Google.Protobuf;
using QuantumFed.Node;
using QuantumFed.Protocol;
using QuantumFed.Protocol.Wire;

namespace QuantumFed.System.Tests;

/// <summary>What the coordinator tells of a round: durations without gaps, who is awaited once per change, bytes where they fell.</summary>
public sealed class RoundTimelineTests
{
    private static readonly RoundId Round = new(4);
    private static readonly MemberId North = MemberId.Parse("north");
    private static readonly MemberId South = MemberId.Parse("south");

    private readonly SteppedTime _time = new();
    private readonly TrafficMeter _traffic = new();
    private readonly CollectedEvents _events = new();

    [Fact]
    public void Durations_of_the_steps_add_up_to_the_round()
    {
        RoundTimeline timeline = new(_traffic, _time, _events);
        timeline.Begin(Round);
        _time.Advance(1);
        timeline.Enter(RoundStep.Training);
        _time.Advance(2);
        timeline.Enter(RoundStep.Upload);
        Assert.Equal(TimeSpan.FromSeconds(3), timeline.Taken);
        _time.Advance(4);
        timeline.End();
        IReadOnlyDictionary<string, object?> timed = Assert.Single(_events.All, entry => entry.Name == "RoundTimed").Fields;
        Assert.Equal((1.0, 2.0, 4.0, 0.0), (timed["KeysSeconds"], timed["TrainingSeconds"], timed["UploadSeconds"], timed["SharesSeconds"]));
        Assert.Equal(7.0, timed.Where(field => field.Key.EndsWith("Seconds", StringComparison.Ordinal)).Sum(field => (double)field.Value!));
    }

    [Fact]
    public void Who_is_awaited_is_told_at_each_change_and_not_again()
    {
        RoundTimeline timeline = new(_traffic, _time, _events);
        timeline.Begin(Round);
        timeline.Await([North, South]);
        timeline.Await([North, South]);
        timeline.Await([South]);
        timeline.Enter(RoundStep.Training);
        timeline.Await([South]);
        Assert.Equal(
            [(RoundStep.Keys, "nobody"), (RoundStep.Keys, "north, south"), (RoundStep.Keys, "south"), (RoundStep.Training, "nobody"), (RoundStep.Training, "south")],
            _events.All.Select(entry => ((RoundStep)entry.Fields["Step"]!, (string)entry.Fields["Members"]!)));
    }

    [Fact]
    public void Bytes_are_told_once_in_the_step_they_fell_into()
    {
        RoundTimeline timeline = new(_traffic, _time, _events);
        SignedRecord record = new() { Message = ByteString.CopyFrom(new byte[100]) };
        _traffic.Sent(TrafficKind.Objects, record); // before the round: no round's
        timeline.Begin(Round);
        _traffic.Received(TrafficKind.Records, record);
        _traffic.Received(TrafficKind.Records, record);
        timeline.Enter(RoundStep.Training);
        _traffic.Sent(TrafficKind.Objects, record);
        timeline.End();
        int size = record.CalculateSize();
        Assert.Equal(
            [(RoundStep.Keys, TrafficKind.Records, 2L * size, 0L), (RoundStep.Training, TrafficKind.Objects, 0L, size)],
            _events.All.Where(entry => entry.Name == "RoundTraffic").Select(entry => (
                (RoundStep)entry.Fields["Step"]!, (TrafficKind)entry.Fields["Kind"]!, (long)entry.Fields["ReceivedBytes"]!, (long)entry.Fields["SentBytes"]!)));
    }

    [Fact]
    public void Without_a_round_there_is_nothing_to_tell()
    {
        RoundTimeline timeline = new(_traffic, _time, _events);
        timeline.End();
        timeline.Await([North]);
        Assert.Empty(_events.All);
    }
}
