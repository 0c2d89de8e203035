using System.Globalization;
using System.Text;

namespace QuantumFed.Besu;

/// <summary>compose.yaml: a service per validator, by the official image.</summary>
internal static class ComposeFile
{
    /// <summary>The image and its version.</summary>
    public const string Image = "hyperledger/besu:26.4.0";

    // The user besu of the image.
    private const string User = "1000:1000";

    public static byte[] Write(NetworkPlan plan)
    {
        StringBuilder text = new();
        _ = text.Append(CultureInfo.InvariantCulture, $"# Generated and checked, never run by its authors: see README.md.\nname: quantumfed-ledger-{plan.ChainId}\n\nservices:\n");
        foreach (ValidatorPlace place in plan.Places)
            AppendService(text, place, plan);
        if (plan.OnOneMachine)
            _ = text.Append("\nnetworks:\n  ledger:\n    ipam:\n      config:\n        - subnet: 172.30.26.0/24\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void AppendService(StringBuilder text, ValidatorPlace place, NetworkPlan plan)
    {
        string host = NodeConfiguration.ListenAddress(place, plan), probed = plan.OnOneMachine ? "127.0.0.1" : host;
        _ = text.Append(CultureInfo.InvariantCulture, $"""
              {place.Name}:
                image: {Image}
                user: "{User}"
                command: ["--config-file={NodeConfiguration.Folder}/config.toml"]
                environment:
                  # The image's own setting would win over the one in config.toml.
                  BESU_RPC_HTTP_HOST: "{host}"
                volumes:
                  - ./genesis.json:{NodeConfiguration.Genesis}:ro
                  - ./{place.Name}:{NodeConfiguration.Folder}:ro
                  - ./{place.Name}/data:{NodeConfiguration.DataFolder}
                restart: unless-stopped
                stop_grace_period: 1m
                security_opt: ["no-new-privileges:true"]
                cap_drop: ["ALL"]
                healthcheck:
                  # The image has no HTTP client: Besu runs, and JSON-RPC takes connections. README.md says how to see that blocks are made.
                  test: ["CMD", "bash", "-c", "test -f /tmp/pid && exec 3<>/dev/tcp/{probed}/{place.RpcPort}"]
                  interval: 10s
                  timeout: 5s
                  retries: 6
                  start_period: 1m

            """);
        _ = plan.OnOneMachine
            ? text.Append(CultureInfo.InvariantCulture, $"""
                    networks:
                      ledger:
                        ipv4_address: {place.Host}
                    ports:
                      - "127.0.0.1:{place.RpcPort}:{place.RpcPort}"

                """)
            : text.Append("    network_mode: host\n");
    }
}
