// Draws calls from a seed: mostly plausible ones, else a wrong caller, number, list, hash or length.
const { createHash } = require("crypto");
const { ethers } = require("hardhat");
const { hash, Phase, Role } = require("../consortium");
const { Change, bytesOf, signingKey, sealingKey, signature } = require("../proposals");
const { ZERO_ACCOUNT } = require("./RegistryModel");

const ascending = (accounts) => [...accounts].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
const zero = ethers.ZeroHash;

/** Numbers in [0, 1) by SHA-256 over the seed and a counter: the same on every machine. */
function generator(seed) {
  let drawn = 0;
  return () => createHash("sha256").update(`${seed} ${drawn++}`).digest().readUInt32BE() / 2 ** 32;
}

const weights = {
  propose: 6, vote: 12, execute: 8, openRound: 5, commitUpdate: 12, freezeCommitments: 6, closeRound: 4, finalizeRound: 3, failRound: 2,
  abandonRound: 3, attest: 5, dispute: 4, reportLink: 4, recordCeremony: 2,
};
const lottery = Object.entries(weights).flatMap(([name, weight]) => Array(weight).fill(name));

class Walker {
  constructor(seed, accounts, registry, ledger) {
    Object.assign(this, { random: generator(seed), accounts, registry, ledger, signature: signature() });
  }

  below(n) { return Math.floor(this.random() * n); }
  chance(p) { return this.random() < p; }
  pick(list) { return list[this.below(list.length)]; }

  /** Seconds to the next call: seconds, or so long that a deadline or a voting period ends, sometimes to the very second. */
  step(time) {
    if (this.chance(0.97)) return 1 + this.below(20);
    const round = this.ledger.rounds.at(-1);
    const edges = [round?.deadline, round && round.deadline + 3600, this.registry.proposals.at(-1)?.expires];
    const ahead = edges.filter((edge) => edge > time).map((edge) => edge - time + this.below(2));
    return ahead.length > 0 && this.chance(0.7) ? this.pick(ahead) : 1 + this.below(5000);
  }

  call(time) {
    const name = this.chance(0.35) ? this.nextOfRound() : this.chance(0.45) ? this.nextOfProposals(time) : this.pick(lottery);
    return { name, ...this[name](time) };
  }

  /** What brings the round on. */
  nextOfRound() {
    const round = this.ledger.rounds.at(-1);
    if (round?.phase === Phase.Open) {
      const all = [...round.awaited].every((account) => round.commitments.has(account));
      return all || this.chance(0.1) ? "freezeCommitments" : "commitUpdate";
    }
    if (round?.phase === Phase.Frozen) return "closeRound";
    if (round?.phase === Phase.Closed) return this.chance(0.5) ? "failRound" : "finalizeRound";
    return this.chance(0.7) ? "openRound" : "attest";
  }

  /** What brings a proposal on: this call works on the one with the most votes. */
  nextOfProposals(time) {
    const live = this.registry.proposals.flatMap((p, number) => (p.executed || p.expires < time ? [] : [number]));
    const yes = (number) => this.registry.tally(number)[0];
    [this.target] = live.sort((a, b) => yes(b) - yes(a));
    if (this.target === undefined) return "propose";
    return yes(this.target) * 2 > this.registry.members.length ? "execute" : "vote";
  }

  anyone() { return this.pick(this.accounts); }
  member() { return this.chance(0.9) && this.registry.members.length > 0 ? this.pick(this.registry.members) : this.anyone(); }
  leader() { return this.chance(0.9) ? (this.registry.coordinator ?? this.anyone()) : this.anyone(); }
  hash(text) { return this.chance(0.03) ? zero : hash(text ?? `${this.random()}`); }
  signed() { return this.chance(0.03) ? bytesOf("short", this.pick([0, 3308, 3310])) : this.signature; }
  roundNumber() { return this.chance(0.95) ? Math.max(0, this.ledger.rounds.length - 1) : this.below(this.ledger.rounds.length + 2); }
  proposalNumber() {
    const number = this.target ?? Math.max(0, this.registry.proposals.length - 1 - this.below(this.chance(0.95) ? 3 : 8));
    this.target = undefined;
    return number;
  }

  propose() {
    const change = this.pick([Change.Admit, Change.Admit, Change.Suspend, Change.Suspend, Change.Reinstate,
      Change.Reinstate, Change.SetRole, Change.SetRole, Change.SetKeys, ...(this.chance(0.1) ? [Change.None] : [])]);
    const suspended = [...this.registry.parties.keys()].filter((account) => !this.registry.isActive(account));
    const strangers = this.accounts.filter((account) => this.registry.party(account) === undefined);
    const likely = { [Change.Admit]: strangers, [Change.Reinstate]: suspended }[change] ?? [...this.registry.parties.keys()];
    const account = this.chance(0.85) && likely.length > 0 ? this.pick(likely) : this.pick([...this.accounts, ZERO_ACCOUNT]);
    const takesRole = change === Change.Admit || change === Change.SetRole;
    const role = takesRole !== this.chance(0.03) ? this.pick([Role.Member, Role.Member, Role.Coordinator, Role.Regulator]) : Role.None;
    const takesKeys = (change === Change.Admit || change === Change.SetKeys) !== this.chance(0.03);
    const signing = !takesKeys ? "0x" : this.chance(0.03) ? bytesOf("k", 1951) : signingKey(this.below(60));
    const sealing = !takesKeys || this.chance(0.2) ? "0x" : this.chance(0.03) ? bytesOf("k", 1185) : sealingKey(this.below(3));
    const number = this.registry.proposals.length + (this.chance(0.95) ? 0 : this.below(3));
    const by = this.chance(0.2) ? account : this.member();
    return { by: by === ZERO_ACCOUNT ? this.anyone() : by, args: [number, change, account, role, signing, sealing, this.signed()] };
  }

  vote() {
    const number = this.proposalNumber();
    const silent = this.registry.members.filter((account) => !this.registry.proposals[number]?.voters.has(account));
    const by = this.chance(0.8) && silent.length > 0 ? this.pick(silent) : this.member();
    return { by, args: [number, this.chance(0.85), this.signed()] };
  }

  execute() { return { by: this.chance(0.7) ? this.member() : this.anyone(), args: [this.proposalNumber()] }; }

  openRound(time) {
    const number = this.ledger.rounds.length + (this.chance(0.95) ? 0 : this.below(3) - 1);
    const deadline = this.chance(0.95) ? time + 200 + this.below(1500) : time - this.below(2);
    const least = this.chance(0.9) ? 3 : this.below(12);
    const model = this.chance(0.95) ? this.ledger.model : hash("other model");
    return { by: this.leader(), args: [Math.max(0, number), this.hash(), model, deadline, least, this.hash()] };
  }

  commitUpdate() {
    const absent = [...(this.ledger.rounds.at(-1)?.awaited ?? [])].filter((a) => !this.ledger.rounds.at(-1).commitments.has(a));
    const by = this.chance(0.65) && absent.length > 0 ? this.pick(absent) : this.member();
    return { by, args: [this.roundNumber(), this.hash(), this.hash()] };
  }

  freezeCommitments() {
    const members = ascending(this.registry.members);
    const list = this.pick([members, members, members, members, [], members.slice(1), [...members].reverse(),
      ascending([...members.slice(1), this.anyone()])]);
    return { by: this.chance(0.4) ? this.leader() : this.member(), args: [this.roundNumber(), list] };
  }

  closeRound() {
    const number = this.roundNumber();
    const committed = ascending(this.ledger.rounds[number]?.commitments.keys() ?? []);
    const out = committed.filter(() => this.chance(0.15));
    const inside = committed.filter((account) => !out.includes(account));
    const reasons = out.map(() => (this.chance(0.05) ? 0 : 1 + this.below(255)));
    const spoil = this.chance(0.75) ? undefined : this.below(5);
    if (spoil === 0) inside.reverse();
    if (spoil === 1) inside.splice(0, 1, this.anyone());
    if (spoil === 2) inside.pop();
    if (spoil === 3) reasons.push(1);
    if (spoil === 4 && inside.length > 0 && out.length > 0) out[0] = inside[0];
    return { by: this.leader(), args: [number, inside, out, reasons, this.hash(), this.hash()] };
  }

  finalizeRound() { return { by: this.leader(), args: [this.roundNumber(), this.hash(), this.hash(), this.hash(), this.hash()] }; }
  failRound() { return { by: this.leader(), args: [this.roundNumber(), this.hash(), this.hash()] }; }
  abandonRound() {
    const by = this.chance(0.3) ? this.leader() : this.member();
    return { by, args: [this.roundNumber(), this.chance(0.05) ? 0 : 1 + this.below(255), this.hash()] };
  }

  attest() {
    const finalized = this.ledger.rounds.flatMap((round, number) => (round.phase === Phase.Finalized ? [number] : []));
    const number = this.chance(0.85) && finalized.length > 0 ? this.pick(finalized) : this.roundNumber();
    const model = this.chance(0.9) ? (this.ledger.rounds[number]?.model ?? zero) : hash("other model");
    return { by: this.member(), args: [number, model, this.hash()] };
  }

  dispute() {
    const number = this.chance(0.5) ? this.roundNumber() : this.below(this.ledger.rounds.length + 1);
    return { by: this.member(), args: [number, this.hash(`evidence ${this.below(3)}`), this.hash()] };
  }

  reportLink() {
    const outcome = this.chance(0.9) ? 1 + this.below(2) : this.pick([0, 3, 255]);
    return { by: this.member(), args: [this.roundNumber(), outcome, this.hash(), this.hash()] };
  }

  recordCeremony() {
    const kind = this.chance(0.9) ? 1 + this.below(255) : 0;
    return { by: this.chance(0.5) ? this.leader() : this.member(), args: [kind, this.hash(`minutes ${this.below(3)}`), this.hash()] };
  }
}

module.exports = { Walker, weights };
