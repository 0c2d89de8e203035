using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>Where a federation in the clear may run at all.</summary>
internal static class PlainFederation
{
    /// <summary>Refuses the settings of a real consortium: its members never agreed to send updates in the clear.</summary>
    /// <exception cref="SettingsException">The agreement's ledger is no development chain.</exception>
    public static void RequireDevelopment(ConsortiumAgreement agreement, string settingsPath)
    {
        if (!agreement.Ledger.DevelopmentChain)
            throw new SettingsException(settingsPath, ["its consortium is not one for development, and nothing of another may be sent in the clear"]);
    }
}
