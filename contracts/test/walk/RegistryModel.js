// What the registry shall do, said again and otherwise than the contract says it: members are counted instead of remembered, votes are
// struck off when their voter stops being a member or their party's role begins, and `since` is nobody's condition. Each call gives the
// refusal's name or undefined.
const { Role } = require("../consortium");
const { Change, Status, digest, SIGNING_KEY_LENGTH, SIGNATURE_LENGTH, SEALING_KEY_LENGTH } = require("../proposals");

const size = (bytes) => (bytes.length - 2) / 2;
const ZERO_ACCOUNT = `0x${"0".repeat(40)}`;

class RegistryModel {
  constructor(founders, rules) {
    this.rules = rules;
    this.parties = new Map();
    this.usedKeys = new Set();
    this.proposals = [];
    this.executions = 0;
    this.onLeave = [];
    for (const f of founders) this.#enter(f.account, f.role, f.signingKeyHash, f.sealingKeyHash);
  }

  party(account) { return this.parties.get(account); }
  isActive(account) { return this.party(account)?.status === Status.Active; }
  isMember(account) { return this.isActive(account) && this.party(account).role === Role.Member; }
  get members() { return [...this.parties.keys()].filter((account) => this.isMember(account)); }
  get coordinator() {
    return [...this.parties.keys()].find((account) => this.isActive(account) && this.party(account).role === Role.Coordinator);
  }

  propose(time, by, number, change, account, role, signingKey, sealingKey, signature) {
    if (!this.isMember(by) && !(this.isActive(by) && change === Change.SetKeys && account === by)) return "NotActiveMember";
    if (number !== this.proposals.length) return "WrongProposalNumber";
    if (size(signature) !== SIGNATURE_LENGTH) return "WrongLength";
    if (change === Change.Admit || change === Change.SetKeys) {
      if (size(signingKey) !== SIGNING_KEY_LENGTH || ![0, SEALING_KEY_LENGTH].includes(size(sealingKey))) return "WrongLength";
    } else if (size(signingKey) + size(sealingKey) > 0) {
      return "NotForThisChange";
    }
    if (![Change.Admit, Change.SetRole].includes(change) && role !== Role.None) return "NotForThisChange";
    const proposal = {
      change, account, role, signing: digest(signingKey), sealing: digest(sealingKey),
      expires: time + this.rules.votingPeriod, votes: new Map(), voters: new Set(), executed: false,
    };
    const refusal = this.#hindrance(proposal);
    if (refusal === undefined) this.proposals.push(proposal);
    return refusal;
  }

  vote(time, by, number, support, signature) {
    const proposal = this.proposals[number];
    if (proposal === undefined) return "UnknownProposal";
    if (proposal.executed) return "AlreadyExecuted";
    if (!this.isMember(by)) return "NotActiveMember";
    if (proposal.voters.has(by)) return "AlreadyVoted";
    if (size(signature) !== SIGNATURE_LENGTH) return "WrongLength";
    if (time > proposal.expires) return "Expired";
    proposal.voters.add(by);
    proposal.votes.set(by, support);
    return undefined;
  }

  execute(time, by, number) {
    const proposal = this.proposals[number];
    if (proposal === undefined) return "UnknownProposal";
    if (proposal.executed) return "AlreadyExecuted";
    if (!this.isActive(by)) return "NotActiveParty";
    if (time > proposal.expires) return "Expired";
    const refusal = this.#hindrance(proposal);
    if (refusal !== undefined) return refusal;
    const [yes, no] = this.tally(number);
    const active = this.members.length;
    if (yes + no < Math.ceil((active * this.rules.quorumPercent) / 100)) return "QuorumMissed";
    if (yes < Math.floor((active * this.rules.thresholdPercent) / 100) + 1) return "ThresholdMissed";
    proposal.executed = true;
    this.executions += 1;
    this.#apply(proposal);
    return undefined;
  }

  tally(number) {
    const votes = [...(this.proposals[number]?.votes.values() ?? [])];
    return [votes.filter((support) => support).length, votes.filter((support) => !support).length];
  }

  #hindrance({ change, account, role, signing, sealing }) {
    const party = this.party(account);
    const coordinated = this.coordinator !== undefined;
    const lastMember = this.isMember(account) && this.members.length === 1;
    switch (change) {
      case Change.Admit:
        if (account === ZERO_ACCOUNT) return "ZeroAccount";
        if (role === Role.None) return "NoRole";
        if (party !== undefined) return "AccountRepeated";
        if (this.usedKeys.has(signing)) return "KeyRepeated";
        return role === Role.Coordinator && coordinated ? "CoordinatorPresent" : undefined;
      case Change.Suspend:
        if (party?.status !== Status.Active) return party === undefined ? "UnknownParty" : "WrongStatus";
        return lastMember ? "LastMember" : undefined;
      case Change.Reinstate:
        if (party?.status !== Status.Suspended) return party === undefined ? "UnknownParty" : "WrongStatus";
        return party.role === Role.Coordinator && coordinated ? "CoordinatorPresent" : undefined;
      case Change.SetRole:
        if (party?.status !== Status.Active) return party === undefined ? "UnknownParty" : "WrongStatus";
        if (role === Role.None) return "NoRole";
        if (role === party.role) return "NothingChanges";
        if (lastMember) return "LastMember";
        return role === Role.Coordinator && coordinated ? "CoordinatorPresent" : undefined;
      case Change.SetKeys:
        if (party === undefined) return "UnknownParty";
        if (signing === party.signing) return sealing === party.sealing ? "NothingChanges" : undefined;
        return this.usedKeys.has(signing) ? "KeyRepeated" : undefined;
      default:
        return "NotForThisChange";
    }
  }

  #apply({ change, account, role, signing, sealing }) {
    const party = this.party(account);
    if (change === Change.Suspend || change === Change.SetRole) this.#strikeOff(account);
    if ([Change.Admit, Change.Reinstate, Change.SetRole].includes(change)) {
      for (const p of this.proposals.filter((other) => other.account === account && !other.executed)) p.votes.clear();
    }
    if (change === Change.Admit) {
      this.#enter(account, role, signing, sealing);
    } else if (change === Change.Suspend) {
      party.status = Status.Suspended;
    } else if (change === Change.Reinstate) {
      Object.assign(party, { status: Status.Active, since: this.executions });
    } else if (change === Change.SetRole) {
      Object.assign(party, { role, since: this.executions });
    } else {
      Object.assign(party, { signing, sealing });
      this.usedKeys.add(signing);
    }
  }

  #strikeOff(account) {
    for (const { votes } of this.proposals) votes.delete(account);
    for (const tell of this.onLeave) tell(account);
  }

  #enter(account, role, signing, sealing) {
    this.parties.set(account, { role, status: Status.Active, since: this.executions, signing, sealing });
    this.usedKeys.add(signing);
  }
}

module.exports = { RegistryModel, ZERO_ACCOUNT };
