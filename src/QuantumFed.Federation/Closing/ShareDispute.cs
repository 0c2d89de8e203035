using QuantumFed.Protocol;

namespace QuantumFed.Federation;

/// <summary>
/// A checker's report and a dealer's shares that cannot both be honest: the dealer dealt this checker a bad share, or the checker says so falsely.
/// </summary>
/// <param name="Dealer">Who dealt the share.</param>
/// <param name="Checker">Who reported on it; where it is the dealer itself, that member is malicious in either case.</param>
public sealed record ShareDispute(MemberId Dealer, MemberId Checker);
