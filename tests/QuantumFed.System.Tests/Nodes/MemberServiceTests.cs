using QuantumFed.Node;
using QuantumFed.Transport;

namespace QuantumFed.System.Tests;

public sealed class MemberServiceTests
{
    [Theory]
    [InlineData(GrpcStatusCode.Unavailable)]
    [InlineData(GrpcStatusCode.FailedPrecondition)]
    [InlineData(GrpcStatusCode.Unknown)] // a handler of the coordinator failed: its disk is full, say
    [InlineData(GrpcStatusCode.DataLoss)]
    [InlineData(GrpcStatusCode.ResourceExhausted)]
    public void What_goes_wrong_at_the_coordinator_does_not_end_a_member(GrpcStatusCode status) => Assert.True(MemberService.IsPassing(status));

    [Theory]
    [InlineData(GrpcStatusCode.PermissionDenied)]
    [InlineData(GrpcStatusCode.Unauthenticated)]
    [InlineData(GrpcStatusCode.InvalidArgument)]
    [InlineData(GrpcStatusCode.Unimplemented)]
    public void A_member_whose_calls_are_at_fault_ends(GrpcStatusCode status) => Assert.False(MemberService.IsPassing(status));
}
