using Microsoft.Extensions.Logging;

namespace QuantumFed.Cli;

/// <summary>What a party's process gives to the party.</summary>
/// <param name="SettingsPath">Its settings file, absolute.</param>
/// <param name="Events">Where its events go.</param>
/// <param name="Time">The clock.</param>
internal sealed record PartyContext(string SettingsPath, ILoggerFactory Events, TimeProvider Time);
