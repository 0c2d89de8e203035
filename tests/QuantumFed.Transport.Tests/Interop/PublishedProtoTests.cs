using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using QuantumFed.Protocol.Wire;

namespace QuantumFed.Transport.Tests;

/// <summary>
/// The published coordinator.proto, as proto-loader reads it from the sources: callable by others, and never changed in a way that a peer
/// made for an earlier state of v1 would misread.
/// </summary>
public sealed class PublishedProtoTests
{
    /// <summary>All of v1. A line is never changed or removed, only added, together with the field.</summary>
    private static readonly string[] Version1 =
    [
        "Acknowledgement.digest = 1 bytes",
        "Coordinator.ReadObject(ObjectRequest) returns (stream ObjectPart)",
        "Coordinator.ReadRound(RoundRequest) returns (SignedRecord)",
        "Coordinator.ReceiveShares(ShareRequest) returns (stream DealtShare)",
        "Coordinator.SubmitRecord(SignedRecord) returns (Acknowledgement)",
        "Coordinator.SubmitUpdate(stream UpdatePart) returns (Acknowledgement)",
        "Coordinator.Watch(WatchRequest) returns (stream RoundNotice)",
        "DealtShare.manifest = 1 bytes",
        "DealtShare.sealed_share = 2 bytes",
        "ObjectPart.data = 1 bytes",
        "ObjectRequest.digest = 1 bytes",
        "Phase.PHASE_ABANDONED = 8",
        "Phase.PHASE_CLOSED = 5",
        "Phase.PHASE_COMPLETE = 9",
        "Phase.PHASE_FAILED = 7",
        "Phase.PHASE_FINALIZED = 6",
        "Phase.PHASE_FROZEN = 3",
        "Phase.PHASE_KEYS = 1",
        "Phase.PHASE_OPEN = 2",
        "Phase.PHASE_SHARES = 4",
        "Phase.PHASE_UNSPECIFIED = 0",
        "RoundNotice.detail = 4 string",
        "RoundNotice.object = 3 bytes",
        "RoundNotice.phase = 2 Phase",
        "RoundNotice.plan = 5 bytes",
        "RoundNotice.round = 1 uint64",
        "RoundRequest.round = 1 uint64",
        "SealedChunk.data = 1 bytes",
        "SealedChunk.last = 2 bool",
        "ShareRequest.round = 1 uint64",
        "SignedRecord.message = 1 bytes",
        "UpdatePart.chunk = 2 SealedChunk of part",
        "UpdatePart.header = 1 bytes of part",
        "WatchRequest.agreement = 1 bytes",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Version_1_keeps_every_number_type_and_shape_it_was_published_with()
    {
        FileDescriptor file = CoordinatorReflection.Descriptor;
        Assert.Equal("quantumfed.v1", file.Package);
        Assert.Equal(Version1, Lines(file).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_strangers_client_made_from_the_published_file_calls_every_method()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync(FakeCoordinator.Map(new GrpcServiceMap()));
        JsonElement seen = await GrpcJs.CallAsync(server, "answers-of-the-coordinator");
        Assert.Equal("[0,0,0,0,0,5,0]", seen.GetProperty("codes").GetRawText());
        Assert.Equal(
            Version1.Where(line => line.StartsWith("Phase.", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            seen.GetProperty("notices").EnumerateArray().Select((notice, i) => $"Phase.{notice.GetProperty("phase").GetString()} = {i + 1}").Order(StringComparer.Ordinal));
        JsonElement failed = seen.GetProperty("notices")[6];
        Assert.Equal(
            ("7", "Gründe", string.Concat(Enumerable.Repeat("01", 32)), "07"),
            (failed.GetProperty("round").GetRawText(), failed.GetProperty("detail").GetString(), failed.GetProperty("object").GetString(), failed.GetProperty("plan").GetString()));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("a signed record"u8)), seen.GetProperty("record").GetString());
        string parts = InteropEcho.DigestOf(3, FakeCoordinator.PartSizeInBytes);
        Assert.Equal(parts, seen.GetProperty("sent").GetString());
        Assert.Equal(parts, seen.GetProperty("update").GetString());
        Assert.Equal($$"""{"messages":2,"digest":"{{InteropEcho.DigestOf(2, 9119)}}"}""", seen.GetProperty("shares").GetRawText());
        Assert.Equal("the signed finalisation", seen.GetProperty("round").GetString());
        Assert.Equal("Round 8 is not in the archive.", seen.GetProperty("missing").GetString());
        Assert.Equal($$"""{"messages":3,"length":{{3 * FakeCoordinator.PartSizeInBytes}},"digest":"{{parts}}"}""", seen.GetProperty("object").GetRawText());
    }

    [Fact]
    public async Task A_request_that_is_no_protobuf_breaks_the_protocol()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync(FakeCoordinator.Map(new GrpcServiceMap()));
        JsonElement seen = await GrpcJs.CallAsync(server, "no-protobuf");
        Assert.Equal((13, "A message cannot be parsed."), (seen.GetProperty("code").GetInt32(), seen.GetProperty("details").GetString()));
    }

    [Fact]
    public async Task A_field_that_a_later_caller_adds_does_no_harm()
    {
        await using GrpcServer server = await Echo.ServeCleartextAsync(FakeCoordinator.Map(new GrpcServiceMap()));
        JsonElement seen = await GrpcJs.CallAsync(server, "later-field");
        Assert.Equal(0, seen.GetProperty("code").GetInt32());
        Assert.Equal("0a20" + Convert.ToHexStringLower(SHA256.HashData("hi"u8)), seen.GetProperty("value").GetString());
    }

    [Fact]
    public async Task A_field_that_a_later_server_adds_does_no_harm()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync("raw");
        using GrpcChannel channel = server.Channel();
        Acknowledgement answer = await channel.UnaryAsync(FakeCoordinator.SubmitRecord, new SignedRecord(), cancellationToken: Token);
        Assert.Equal("hi", answer.Digest.ToStringUtf8());
    }

    [Fact]
    public async Task Our_client_calls_a_strangers_server_made_from_the_published_file()
    {
        await using GrpcJs server = await GrpcJs.ServeAsync();
        using GrpcChannel channel = server.Channel();
        Acknowledgement answer = await channel.UnaryAsync(
            FakeCoordinator.SubmitRecord, new SignedRecord { Message = ByteString.CopyFromUtf8("a signed record") }, cancellationToken: Token);
        Assert.Equal(SHA256.HashData("a signed record"u8), answer.Digest.ToByteArray());
        int i = 0;
        await foreach (ObjectPart part in channel.ServerStreamingAsync(FakeCoordinator.ReadObject, new ObjectRequest(), cancellationToken: Token))
            Assert.Equal(InteropEcho.Chunk(i++, FakeCoordinator.PartSizeInBytes), part.Data.Span);
        Assert.Equal(3, i);
        // The server lacks handlers for the rest: grpc-js answers for it.
        GrpcException failure = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(FakeCoordinator.ReadRound, new RoundRequest(), cancellationToken: Token));
        Assert.Equal(GrpcStatusCode.Unimplemented, failure.Status);
    }

    private static IEnumerable<string> Lines(FileDescriptor file)
    {
        foreach (MethodDescriptor method in file.Services.SelectMany(service => service.Methods))
            yield return $"{method.Service.Name}.{method.Name}({Stream(method.IsClientStreaming)}{method.InputType.Name}) returns ({Stream(method.IsServerStreaming)}{method.OutputType.Name})";
        foreach (FieldDescriptor field in file.MessageTypes.SelectMany(message => message.Fields.InDeclarationOrder()))
            yield return $"{field.ContainingType.Name}.{field.Name} = {field.FieldNumber} {(field.IsRepeated ? "repeated " : "")}{TypeOf(field)}{(field.ContainingOneof is { } oneof ? " of " + oneof.Name : "")}";
        foreach (EnumValueDescriptor value in file.EnumTypes.SelectMany(type => type.Values))
            yield return $"{value.EnumDescriptor.Name}.{value.Name} = {value.Number}";
    }

    private static string Stream(bool streaming) => streaming ? "stream " : "";

    private static string TypeOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => field.MessageType.Name,
        FieldType.Enum => field.EnumType.Name,
        FieldType type => type.ToString().ToLowerInvariant(),
    };
}
