using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using QuantumFed.Protocol;
using QuantumFed.Transport;

namespace QuantumFed.KeyManagement;

/// <summary>Answers the requests of applications: which path means what, who may ask, and what a failure is called.</summary>
internal sealed partial class EtsiRequests(EtsiServerSettings settings, IKeyDelivery keys, LinkFigures figures, ILogger logger)
{
    private const string Prefix = "/api/v1/keys/", Json = "application/json";

    /// <summary>Answers one request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="caller">Who asks, by its certificate.</param>
    public async Task AnswerAsync(HttpContext context, MemberId caller)
    {
        try
        {
            await RouteAsync(context, caller).ConfigureAwait(false);
        }
        catch (EtsiRefusal refusal)
        {
            await RefuseAsync(context, caller, refusal).ConfigureAwait(false);
        }
        catch (KeyDeliveryException failure)
        {
            await RefuseAsync(context, caller, RefusalOf(failure)).ConfigureAwait(false);
        }
        catch (KeyStoreException failure)
        {
            Log.StoreFailed(logger, failure);
            await RefuseAsync(context, caller, new EtsiRefusal(503, "the key manager cannot use its store")).ConfigureAwait(false);
        }
    }

    private Task RouteAsync(HttpContext context, MemberId caller)
    {
        // The path as it was sent: decoded as a whole, a slash in a name would part it.
        string path = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget.Split('?')[0];
        if (path is "/metrics")
            return ReadOnly(context, () => WriteAsync(context, "text/plain; version=0.0.4", System.Text.Encoding.UTF8.GetBytes(LinkMetrics.Text(figures, keys.Status))));
        if (path is "/quantumfed/v1/link")
            return ReadOnly(context, () => WriteAsync(context, Json, LinkMetrics.Json(figures, keys.Status)));
        if (!path.StartsWith(Prefix, StringComparison.Ordinal) || path[Prefix.Length..].Split('/') is not [string name, string method])
            throw new EtsiRefusal(404, "there is nothing at this path");
        return method switch
        {
            "status" => ReadOnly(context, () => StatusAsync(context, Known(caller), Application(name))),
            "enc_keys" => ObtainAsync(context, Known(caller), Application(name)),
            "dec_keys" => RetrieveAsync(context, Known(caller), Application(name)),
            _ => throw new EtsiRefusal(404, "there is nothing at this path"),
        };
    }

    private Task StatusAsync(HttpContext context, MemberId caller, MemberId slave)
    {
        EtsiKeyRequest.RequireKnown(slave, settings);
        return WriteAsync(context, Json, JsonSerializer.SerializeToUtf8Bytes(EtsiStatus.Of(settings, keys.Status, caller, slave)));
    }

    private async Task ObtainAsync(HttpContext context, MemberId caller, MemberId slave)
    {
        EtsiKeyRequest request = Method(context) == HttpMethods.Get
            ? EtsiKeyRequest.OfQuery(context.Request.Query, settings)
            : EtsiKeyRequest.OfBody(await BodyAsync(context).ConfigureAwait(false), settings);
        EtsiKeyRequest.RequireKnown(slave, settings);
        MemberId[] slaves = [slave, .. request.AdditionalSlaves];
        if (slaves.Distinct().Count() != slaves.Length)
            throw EtsiRefusal.BadRequest("additional_slave_SAE_IDs names an SAE twice");
        await DeliverAsync(
            context, await keys.ObtainAsync(caller, slaves, request.Number, request.SizeInBits, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task RetrieveAsync(HttpContext context, MemberId caller, MemberId master)
    {
        IReadOnlyList<QuantumKeyId> ids = Method(context) == HttpMethods.Get
            ? [EtsiJson.KeyId(context.Request.Query["key_ID"] is [{ } id] ? id : null)]
            : EtsiJson.KeyIds(await BodyAsync(context).ConfigureAwait(false), settings.MaxKeysPerRequest);
        EtsiKeyRequest.RequireKnown(master, settings);
        await DeliverAsync(context, await keys.RetrieveAsync(caller, master, ids, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task DeliverAsync(HttpContext context, IReadOnlyList<DeliveredKey> delivered)
    {
        using var container = new EtsiKeyContainer(delivered);
        foreach (DeliveredKey key in delivered)
            key.Dispose();
        figures.CountDelivered(delivered.Count);
        await WriteAsync(context, Json, container.Bytes).ConfigureAwait(false);
    }

    private MemberId Known(MemberId caller) => settings.Applications.Contains(caller)
        ? caller
        : throw new EtsiRefusal(401, $"'{caller}' is no SAE of this key manager");

    private static MemberId Application(string escaped) => MemberId.TryParse(Uri.UnescapeDataString(escaped), out MemberId application)
        ? application
        : throw EtsiRefusal.BadRequest("the path names no SAE");

    private static string Method(HttpContext context) => HttpMethods.IsGet(context.Request.Method) ? HttpMethods.Get
        : HttpMethods.IsPost(context.Request.Method) ? HttpMethods.Post
        : throw new EtsiRefusal(405, "GET or POST");

    private static Task ReadOnly(HttpContext context, Func<Task> answer) =>
        HttpMethods.IsGet(context.Request.Method) ? answer() : throw new EtsiRefusal(405, "GET");

    // The server bounds its size and its slowness.
    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        return body.ToArray();
    }

    private static EtsiRefusal RefusalOf(KeyDeliveryException failure) => failure.Failure switch
    {
        KeyDeliveryFailure.UnknownKey => EtsiRefusal.BadRequest("one or more keys specified are not found on KME"),
        KeyDeliveryFailure.NotGranted => new EtsiRefusal(401, failure.Message),
        KeyDeliveryFailure.LinkAlarm => new EtsiRefusal(503, failure.Message, failure.Message),
        _ => new EtsiRefusal(503, failure.Message),
    };

    private Task RefuseAsync(HttpContext context, MemberId caller, EtsiRefusal refusal)
    {
        figures.CountRefused(refusal.Status);
        Log.Refused(logger, caller, context.Request.Method, refusal.Status, refusal.Message);
        context.Response.StatusCode = refusal.Status;
        return WriteAsync(context, Json, refusal.Alarm is { } alarm
            ? JsonSerializer.SerializeToUtf8Bytes(new { message = refusal.Message, details = new[] { new { link_alarm = alarm } } })
            : JsonSerializer.SerializeToUtf8Bytes(new { message = refusal.Message }));
    }

    private static async Task WriteAsync(HttpContext context, string type, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        // Keys must not lie in a cache on the way.
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static partial class Log
    {
        [LoggerMessage(4030, LogLevel.Information, "Refused a {Method} of {Caller} with {Status}: {Reason}.")]
        public static partial void Refused(ILogger logger, MemberId caller, string method, int status, string reason);

        [LoggerMessage(4031, LogLevel.Error, "The store of keys failed.")]
        public static partial void StoreFailed(ILogger logger, Exception error);
    }
}
