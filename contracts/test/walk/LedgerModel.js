// What the ledger of rounds shall do, said again: a round keeps the set of the members it waits for, and whoever leaves is struck off it.
const { ethers } = require("hardhat");
const { Phase } = require("../consortium");

const coder = ethers.AbiCoder.defaultAbiCoder();
const types = ["bytes32", "uint64", "uint8", "bytes32", "bytes32", "bytes32", "bytes32", "bytes32"];
const zero = ethers.ZeroHash;
const GRACE = 3600;
const rising = (accounts) => accounts.every((account, i) => BigInt(account) > BigInt(i === 0 ? 0 : accounts[i - 1]));

class LedgerModel {
  constructor(registry, model) {
    this.registry = registry;
    this.model = model;
    this.head = zero;
    this.rounds = [];
    this.ceremonies = new Set();
    registry.onLeave.push((account) => this.rounds.forEach((round) => round.awaited.delete(account)));
  }

  openRound(time, by, number, plan, model, deadline, least, signature) {
    if (by !== this.registry.coordinator) return "NotCoordinator";
    if (number !== this.rounds.length) return "WrongRoundNumber";
    if (number > 0 && this.rounds[number - 1].phase < Phase.Finalized) return "PreviousRoundUnfinished";
    if (model !== this.model) return "WrongModel";
    if (deadline <= time) return "DeadlinePassed";
    if (least < 3 || least > this.registry.members.length) return "MinParticipantsOutOfRange";
    if (plan === zero || signature === zero) return "ZeroHash";
    this.rounds.push({
      phase: Phase.Open, plan, previous: model, deadline, least, version: this.registry.executions,
      awaited: new Set(this.registry.members), commitments: new Map(), participants: [],
      set: zero, transcript: zero, model: zero, metadata: zero, reason: 0,
      attested: new Set(), disputed: new Set(), reports: new Map(),
    });
    return undefined;
  }

  commitUpdate(time, by, number, commitment, signature) {
    const round = this.rounds[number];
    if (!this.registry.isMember(by)) return "NotActiveMember";
    if (round?.phase !== Phase.Open) return "WrongPhase";
    if (!round.awaited.has(by)) return "NotOfThisRound";
    if (time > round.deadline) return "DeadlinePassed";
    if (round.commitments.has(by)) return "AlreadyCommitted";
    if (commitment === zero || signature === zero) return "ZeroHash";
    round.commitments.set(by, commitment);
    return undefined;
  }

  freezeCommitments(time, by, number, list) {
    const round = this.rounds[number];
    if (!this.#mayLead(by)) return "NotOfConsortium";
    if (round?.phase !== Phase.Open) return "WrongPhase";
    if (time <= round.deadline) {
      if (round.version !== this.registry.executions) {
        const refusal = this.#witnessRefusal(round, list);
        if (refusal !== undefined) return refusal;
      }
      if ([...round.awaited].some((account) => !round.commitments.has(account))) return "DeadlineNotReached";
    }
    round.phase = Phase.Frozen;
    return undefined;
  }

  closeRound(time, by, number, participants, excluded, reasons, set, signature) {
    const round = this.rounds[number];
    if (by !== this.registry.coordinator) return "NotCoordinator";
    if (round?.phase !== Phase.Frozen) return "WrongPhase";
    if (participants.length < round.least) return "TooFewParticipants";
    if (excluded.length !== reasons.length) return "ReasonCountMismatch";
    if (participants.length + excluded.length !== round.commitments.size) return "CommittersMissing";
    if (set === zero || signature === zero) return "ZeroHash";
    for (const list of [participants, excluded]) {
      for (const [i, account] of list.entries()) {
        if (!rising(list.slice(0, i + 1))) return "NotAscending";
        if (!round.commitments.has(account)) return "NotCommitted";
        if (list === excluded && participants.includes(account)) return "InBothLists";
        if (list === excluded && reasons[i] === 0) return "ZeroReason";
      }
    }
    Object.assign(round, { phase: Phase.Closed, participants, set });
    return undefined;
  }

  finalizeRound(time, by, number, transcript, model, metadata, signature) {
    const round = this.rounds[number];
    if (by !== this.registry.coordinator) return "NotCoordinator";
    if (round?.phase !== Phase.Closed) return "WrongPhase";
    if ([transcript, model, metadata, signature].includes(zero)) return "ZeroHash";
    Object.assign(round, { transcript, model, metadata });
    this.model = model;
    return this.#end(round, Phase.Finalized);
  }

  failRound(time, by, number, transcript, signature) {
    const round = this.rounds[number];
    if (by !== this.registry.coordinator) return "NotCoordinator";
    if (round?.phase !== Phase.Closed) return "WrongPhase";
    if ([transcript, signature].includes(zero)) return "ZeroHash";
    round.transcript = transcript;
    return this.#end(round, Phase.Failed);
  }

  abandonRound(time, by, number, reason, signature) {
    const round = this.rounds[number];
    if (!this.#mayLead(by)) return "NotOfConsortium";
    if (by !== this.registry.coordinator && time <= (round?.deadline ?? 0) + GRACE) return "DeadlineNotReached";
    if (![Phase.Open, Phase.Frozen].includes(round?.phase)) return "WrongPhase";
    if (reason === 0) return "ZeroReason";
    if (signature === zero) return "ZeroHash";
    round.reason = reason;
    return this.#end(round, Phase.Abandoned);
  }

  attest(time, by, number, model, signature) {
    const round = this.rounds[number];
    if (!this.registry.isMember(by)) return "NotActiveMember";
    if (round?.phase !== Phase.Finalized) return "WrongPhase";
    if (!round.commitments.has(by)) return "NotOfThisRound";
    if (model !== round.model) return "WrongModel";
    if (round.attested.has(by)) return "AlreadyAttested";
    if (signature === zero) return "ZeroHash";
    round.attested.add(by);
    return undefined;
  }

  dispute(time, by, number, evidence, signature) {
    const round = this.rounds[number];
    if (!this.registry.isMember(by)) return "NotActiveMember";
    if (![Phase.Closed, Phase.Finalized, Phase.Failed].includes(round?.phase)) return "WrongPhase";
    if (!round.commitments.has(by)) return "NotOfThisRound";
    if ([evidence, signature].includes(zero)) return "ZeroHash";
    if (round.disputed.has(by + evidence)) return "AlreadyDisputed";
    round.disputed.add(by + evidence);
    return undefined;
  }

  reportLink(time, by, number, outcome, report, signature) {
    const round = this.rounds[number];
    if (!this.registry.isMember(by)) return "NotActiveMember";
    if (![Phase.Open, Phase.Frozen, Phase.Closed].includes(round?.phase)) return "WrongPhase";
    if (!round.awaited.has(by)) return "NotOfThisRound";
    if (outcome !== 1 && outcome !== 2) return "UnknownOutcome";
    if ([report, signature].includes(zero)) return "ZeroHash";
    if (round.reports.has(by)) return "AlreadyReported";
    round.reports.set(by, report);
    return undefined;
  }

  recordCeremony(time, by, kind, minutes, signature) {
    if (!this.#mayLead(by)) return "NotOfConsortium";
    if (kind === 0) return "ZeroKind";
    if ([minutes, signature].includes(zero)) return "ZeroHash";
    if (this.ceremonies.has(by + minutes)) return "AlreadyRecorded";
    this.ceremonies.add(by + minutes);
    return undefined;
  }

  #mayLead(account) { return account === this.registry.coordinator || this.registry.isMember(account); }

  // The first account that is out of order, no active member, or one the round still waits for, decides.
  #witnessRefusal(round, list) {
    if (list.length !== this.registry.members.length) return "WitnessMissing";
    for (const [i, account] of list.entries()) {
      if (!rising(list.slice(0, i + 1))) return "NotAscending";
      if (!this.registry.isMember(account)) return "NotWaitedFor";
      if (round.awaited.has(account) && !round.commitments.has(account)) return "DeadlineNotReached";
    }
    return undefined;
  }

  #end(round, phase) {
    round.phase = phase;
    const content = [this.rounds.indexOf(round), phase, round.plan, round.set, round.transcript, round.model, round.metadata];
    this.head = ethers.keccak256(coder.encode(types, [this.head, ...content]));
    return undefined;
  }
}

module.exports = { LedgerModel };
