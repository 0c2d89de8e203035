using QuantumFed.Protocol;

namespace QuantumFed.Node;

/// <summary>Where things are in a workspace: one folder that holds a whole consortium, as the demo and a developer's testnet use it.</summary>
/// <param name="Root">The workspace's folder.</param>
public sealed record WorkspaceLayout(string Root)
{
    /// <summary>The file that marks a folder as a workspace.</summary>
    public string Marker => Path.Combine(Root, "workspace.json");

    /// <summary>The agreement.</summary>
    public string Agreement => Path.Combine(Root, "consortium.json");

    /// <summary>The parties' signed consents to it.</summary>
    public string Consents => Path.Combine(Root, "consents");

    /// <summary>The archive a regulator reads.</summary>
    public string Archive => Path.Combine(Root, "archive");

    /// <summary>The report.</summary>
    public string Report => Path.Combine(Root, "report.json");

    /// <summary>The report as a page.</summary>
    public string Page => Path.Combine(Root, "report.html");

    /// <summary>How a table's columns became features, where the data was a table.</summary>
    public string Recipe => Path.Combine(Root, "recipe.json");

    /// <summary>The development ledger's folder.</summary>
    public string Ledger => Path.Combine(Root, "ledger");

    /// <summary>The coordinator's folder.</summary>
    public string Coordinator => Path.Combine(Root, "coordinator");

    /// <summary>The certificate authority's folder: only for issuing, no running party reads it.</summary>
    public string Authority => Path.Combine(Root, "authority");

    /// <summary>A member's folder.</summary>
    public string Member(MemberId member) => Path.Combine(Root, "members", member.Name);

    /// <summary>The folder of a member's quantum link: its settings, and both ends' keys and stores.</summary>
    public string Link(MemberId member) => Path.Combine(Root, "links", member.Name);

    /// <summary>The consent of a party.</summary>
    public string Consent(MemberId party) => Path.Combine(Consents, party.Name + ".signed");
}
