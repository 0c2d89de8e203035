namespace QuantumFed.Cli;

/// <summary>One way of training, as compared.</summary>
/// <param name="Name">The way.</param>
/// <param name="Accuracy">Over all hospitals' test rows.</param>
/// <param name="Auc">Over all hospitals' test rows; null where it is not defined, or there is no one model.</param>
/// <param name="Seconds">Training over the network, without the start of processes; in one process training and scoring.</param>
/// <param name="MedianRoundSeconds">Of the rounds over the network, from the end of one to the end of the next; null in one process.</param>
/// <param name="BytesPerMember">What a member sent and received in all, the mean; null where nothing travels.</param>
/// <param name="ServerSees">What the server learns.</param>
/// <param name="Kind">How it ran: in one process, over the network, simulated.</param>
internal sealed record ComparedWay(
    string Name, double Accuracy, double? Auc, double Seconds, double? MedianRoundSeconds, double? BytesPerMember, string ServerSees, string Kind);
