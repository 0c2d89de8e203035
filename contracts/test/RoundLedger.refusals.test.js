const { expect } = require("chai");
const { ethers } = require("hardhat");
const { loadFixture, time } = require("@nomicfoundation/hardhat-network-helpers");
const {
  hash, now, consortium, opened, frozen, closed, finalized, failed, abandoned, Phase, INITIAL_MODEL, SIGNATURE,
} = require("./consortium");

const zero = ethers.ZeroHash;
const fixtures = { None: consortium, Open: opened, Frozen: frozen, Closed: closed, Finalized: finalized, Failed: failed, Abandoned: abandoned };

// Every step, by the account that may take it, with arguments that are right but for the phase.
const steps = {
  commitUpdate: (f) => f.ledger.connect(f.members[0]).commitUpdate(0, hash("late"), SIGNATURE),
  freezeCommitments: (f) => f.ledger.freezeCommitments(0, []),
  closeRound: (f) => f.ledger.closeRound(0, f.members.map((m) => m.address), [], [], hash("set"), SIGNATURE),
  finalizeRound: (f) => f.ledger.finalizeRound(0, hash("transcript"), hash("model 1"), hash("metadata"), SIGNATURE),
  failRound: (f) => f.ledger.failRound(0, hash("transcript"), SIGNATURE),
  abandonRound: (f) => f.ledger.abandonRound(0, 1, SIGNATURE),
  attest: (f) => f.ledger.connect(f.members[0]).attest(0, hash("model 1"), SIGNATURE),
  dispute: (f) => f.ledger.connect(f.members[0]).dispute(0, hash("evidence"), SIGNATURE),
  reportLink: (f) => f.ledger.connect(f.members[0]).reportLink(0, 1, hash("report"), SIGNATURE),
};
const allowed = {
  commitUpdate: ["Open"],
  freezeCommitments: ["Open"],
  closeRound: ["Frozen"],
  finalizeRound: ["Closed"],
  failRound: ["Closed"],
  abandonRound: ["Open", "Frozen"],
  attest: ["Finalized"],
  dispute: ["Closed", "Finalized", "Failed"],
  reportLink: ["Open", "Frozen", "Closed"],
};

describe("RoundLedger: refusals by phase", () => {
  for (const [step, take] of Object.entries(steps)) {
    for (const [phase, fixture] of Object.entries(fixtures)) {
      if (allowed[step].includes(phase)) continue;
      it(`${step} is refused in phase ${phase}`, async () => {
        const federation = await loadFixture(fixture);
        await expect(take(federation))
          .to.be.revertedWithCustomError(federation.ledger, "WrongPhase")
          .withArgs(0, Phase[phase]);
      });
    }
  }

  for (const [phase, fixture] of Object.entries({ Open: opened, Frozen: frozen, Closed: closed })) {
    it(`the next round is not opened while one is ${phase}`, async () => {
      const { ledger } = await loadFixture(fixture);
      await expect(ledger.openRound(1, hash("plan 1"), INITIAL_MODEL, (await now()) + 600, 3, SIGNATURE))
        .to.be.revertedWithCustomError(ledger, "PreviousRoundUnfinished")
        .withArgs(0, Phase[phase]);
    });
  }
});

describe("RoundLedger: refusals by role", () => {
  const coordinatorOnly = {
    openRound: [consortium, async (l) => l.openRound(0, hash("p"), INITIAL_MODEL, (await now()) + 600, 3, SIGNATURE)],
    closeRound: [frozen, (l) => l.closeRound(0, [], [], [], hash("set"), SIGNATURE)],
    finalizeRound: [closed, (l) => l.finalizeRound(0, hash("t"), hash("m"), hash("d"), SIGNATURE)],
    failRound: [closed, (l) => l.failRound(0, hash("t"), SIGNATURE)],
  };
  for (const [step, [fixture, take]] of Object.entries(coordinatorOnly)) {
    for (const who of ["member", "regulator", "stranger"]) {
      it(`${step} is refused to a ${who}`, async () => {
        const { ledger, members, regulator, stranger } = await loadFixture(fixture);
        const caller = { member: members[0], regulator, stranger }[who];
        await expect(take(ledger.connect(caller)))
          .to.be.revertedWithCustomError(ledger, "NotCoordinator")
          .withArgs(caller.address);
      });
    }
  }

  const memberOnly = {
    commitUpdate: [opened, (l) => l.commitUpdate(0, hash("update"), SIGNATURE)],
    attest: [finalized, (l) => l.attest(0, hash("model 1"), SIGNATURE)],
    dispute: [closed, (l) => l.dispute(0, hash("evidence"), SIGNATURE)],
    reportLink: [frozen, (l) => l.reportLink(0, 1, hash("report"), SIGNATURE)],
  };
  for (const [step, [fixture, take]] of Object.entries(memberOnly)) {
    for (const who of ["coordinator", "regulator", "stranger"]) {
      it(`${step} is refused to the ${who}`, async () => {
        const federation = await loadFixture(fixture);
        const { ledger } = federation;
        await expect(take(ledger.connect(federation[who])))
          .to.be.revertedWithCustomError(ledger, "NotActiveMember")
          .withArgs(federation[who].address);
      });
    }
  }

  for (const who of ["regulator", "stranger"]) {
    it(`freezeCommitments and abandonRound are refused to a ${who}, even hours after the deadline`, async () => {
      const federation = await loadFixture(opened);
      const { ledger, deadline } = federation;
      await time.increaseTo(deadline + 7200);
      const asCaller = ledger.connect(federation[who]);
      for (const take of [(l) => l.freezeCommitments(0, []), (l) => l.abandonRound(0, 1, SIGNATURE)]) {
        await expect(take(asCaller)).to.be.revertedWithCustomError(ledger, "NotOfConsortium").withArgs(federation[who].address);
      }
    });
  }

  it("abandonRound is refused to a member before the deadline", async () => {
    const { ledger, members } = await loadFixture(opened);
    await expect(ledger.connect(members[0]).abandonRound(0, 1, SIGNATURE)).to.be.revertedWithCustomError(ledger, "DeadlineNotReached");
  });

  it("abandonRound is refused to a member where the deadline is the last second of time", async () => {
    const { ledger, members } = await loadFixture(consortium);
    await ledger.openRound(0, hash("plan 0"), INITIAL_MODEL, 2n ** 64n - 1n, 3, SIGNATURE);
    await expect(ledger.connect(members[0]).abandonRound(0, 1, SIGNATURE)).to.be.revertedWithCustomError(ledger, "DeadlineNotReached");
  });
});

describe("RoundLedger: refusals by content", () => {
  it("is not deployed without a model", async () => {
    const { registry } = await loadFixture(consortium);
    const factory = await ethers.getContractFactory("RoundLedger");
    await expect(factory.deploy(registry.target, zero)).to.be.revertedWithCustomError(factory, "ZeroHash");
  });

  const opening = { round: 0, plan: hash("plan"), model: INITIAL_MODEL, wait: 600, least: 3, signature: SIGNATURE };
  const badOpenings = [
    ["skips a number", { round: 1 }, "WrongRoundNumber"],
    ["builds on another model", { model: hash("other") }, "WrongModel"],
    ["has a deadline that is now", { wait: 0 }, "DeadlinePassed"],
    ["would open a sum over two", { least: 2 }, "MinParticipantsOutOfRange"],
    ["needs more participants than there are members", { least: 5 }, "MinParticipantsOutOfRange"],
    ["has no plan", { plan: zero }, "ZeroHash"],
    ["is not signed", { signature: zero }, "ZeroHash"],
  ];
  for (const [what, change, error] of badOpenings) {
    it(`openRound is refused when it ${what}`, async () => {
      const { ledger } = await loadFixture(consortium);
      const o = { ...opening, ...change };
      const next = (await now()) + 1;
      await time.setNextBlockTimestamp(next);
      await expect(ledger.openRound(o.round, o.plan, o.model, next + o.wait, o.least, o.signature))
        .to.be.revertedWithCustomError(ledger, error);
    });
  }

  it("openRound is refused for a number already used", async () => {
    const { ledger } = await loadFixture(abandoned);
    await expect(ledger.openRound(0, hash("plan"), INITIAL_MODEL, (await now()) + 600, 3, SIGNATURE))
      .to.be.revertedWithCustomError(ledger, "WrongRoundNumber")
      .withArgs(0, 1);
  });

  it("commitUpdate is refused a second after the deadline", async () => {
    const { ledger, members, deadline } = await loadFixture(opened);
    await time.setNextBlockTimestamp(deadline + 1);
    await expect(ledger.connect(members[0]).commitUpdate(0, hash("update"), SIGNATURE))
      .to.be.revertedWithCustomError(ledger, "DeadlinePassed")
      .withArgs(deadline, deadline + 1);
  });

  it("commitUpdate is refused the second time, with the same commitment or another", async () => {
    const { ledger, members } = await loadFixture(opened);
    const asMember = ledger.connect(members[0]);
    await asMember.commitUpdate(0, hash("update"), SIGNATURE);
    for (const update of ["update", "another"]) {
      await expect(asMember.commitUpdate(0, hash(update), SIGNATURE)).to.be.revertedWithCustomError(ledger, "AlreadyCommitted");
    }
  });

  it("commitUpdate is refused without a commitment or a signature", async () => {
    const { ledger, members } = await loadFixture(opened);
    const asMember = ledger.connect(members[0]);
    await expect(asMember.commitUpdate(0, zero, SIGNATURE)).to.be.revertedWithCustomError(ledger, "ZeroHash");
    await expect(asMember.commitUpdate(0, hash("update"), zero)).to.be.revertedWithCustomError(ledger, "ZeroHash");
  });

  it("freezeCommitments is refused in the second of the deadline while one member is missing", async () => {
    const { ledger, members, deadline } = await loadFixture(opened);
    for (const member of members.slice(1)) await ledger.connect(member).commitUpdate(0, hash("update"), SIGNATURE);
    await time.setNextBlockTimestamp(deadline);
    await expect(ledger.freezeCommitments(0, [])).to.be.revertedWithCustomError(ledger, "DeadlineNotReached").withArgs(deadline, deadline);
  });

  const badSets = [
    ["has too few participants", ([a, b, c, d]) => [[a, b], [c, d], [1, 1]], "TooFewParticipants"],
    ["leaves a committed member out", ([a, b, c]) => [[a, b, c], [], []], "CommittersMissing"],
    ["names a member twice", ([a, b, c]) => [[a, b, c, c], [], []], "NotAscending"],
    ["is not ascending", ([a, b, c, d]) => [[b, a, c, d], [], []], "NotAscending"],
    ["names the zero account", ([a, b, c]) => [[ethers.ZeroAddress, a, b, c], [], []], "NotAscending"],
    ["names a member in both lists", ([a, b, c]) => [[a, b, c], [c], [1]], "InBothLists"],
    ["names a stranger as participant", ([a, b, c], s) => [[a, b, c, s].sort((x, y) => (BigInt(x) < BigInt(y) ? -1 : 1)), [], []], "NotCommitted"],
    ["excludes a stranger", ([a, b, c], s) => [[a, b, c], [s], [1]], "NotCommitted"],
    ["excludes without a reason", ([a, b, c, d]) => [[a, b, c], [d], [0]], "ZeroReason"],
    ["has fewer reasons than exclusions", ([a, b, c, d]) => [[a, b, c], [d], []], "ReasonCountMismatch"],
    ["has more reasons than exclusions", ([a, b, c, d]) => [[a, b, c, d], [], [1]], "ReasonCountMismatch"],
    ["has no set hash", ([a, b, c, d]) => [[a, b, c, d], [], []], "ZeroHash", zero, SIGNATURE],
    ["is not signed", ([a, b, c, d]) => [[a, b, c, d], [], []], "ZeroHash", hash("set"), zero],
  ];
  for (const [what, lists, error, set = hash("set"), signature = SIGNATURE] of badSets) {
    it(`closeRound is refused when it ${what}`, async () => {
      const { ledger, members, stranger } = await loadFixture(frozen);
      const [participants, excluded, reasons] = lists(members.map((m) => m.address), stranger.address);
      await expect(ledger.closeRound(0, participants, excluded, reasons, set, signature))
        .to.be.revertedWithCustomError(ledger, error);
    });
  }

  it("closeRound is refused when the exclusions are not ascending", async () => {
    const { coordinator, members, ledger } = await loadFixture(frozenWithFive);
    const [a, b, c, d, e] = members.map((m) => m.address);
    await expect(ledger.connect(coordinator).closeRound(0, [a, b, c], [e, d], [1, 1], hash("set"), SIGNATURE))
      .to.be.revertedWithCustomError(ledger, "NotAscending");
    await expect(ledger.connect(coordinator).closeRound(0, [a, b, c], [d, e], [1, 1], hash("set"), SIGNATURE))
      .to.emit(ledger, "RoundClosed");
  });

  it("a participant of the other round does not count", async () => {
    const { ledger, members, coordinator } = await loadFixture(finalized);
    await ledger.openRound(1, hash("plan 1"), hash("model 1"), (await now()) + 600, 3, SIGNATURE);
    for (const member of members.slice(0, 3)) await ledger.connect(member).commitUpdate(1, hash("update"), SIGNATURE);
    await time.increase(601);
    await ledger.freezeCommitments(1, []);
    const [a, b, , d] = members.map((m) => m.address);
    await expect(ledger.connect(coordinator).closeRound(1, [a, b, d], [], [], hash("set"), SIGNATURE))
      .to.be.revertedWithCustomError(ledger, "NotCommitted")
      .withArgs(1, d);
  });

  for (const [what, transcript, model, metadata, signature] of [
    ["a transcript", zero, hash("m"), hash("d"), SIGNATURE],
    ["a model", hash("t"), zero, hash("d"), SIGNATURE],
    ["metadata", hash("t"), hash("m"), zero, SIGNATURE],
    ["a signature", hash("t"), hash("m"), hash("d"), zero],
  ]) {
    it(`finalizeRound is refused without ${what}`, async () => {
      const { ledger } = await loadFixture(closed);
      await expect(ledger.finalizeRound(0, transcript, model, metadata, signature)).to.be.revertedWithCustomError(ledger, "ZeroHash");
    });
  }

  it("failRound is refused without a transcript or a signature", async () => {
    const { ledger } = await loadFixture(closed);
    await expect(ledger.failRound(0, zero, SIGNATURE)).to.be.revertedWithCustomError(ledger, "ZeroHash");
    await expect(ledger.failRound(0, hash("t"), zero)).to.be.revertedWithCustomError(ledger, "ZeroHash");
  });

  it("abandonRound is refused without a reason or a signature", async () => {
    const { ledger } = await loadFixture(opened);
    await expect(ledger.abandonRound(0, 0, SIGNATURE)).to.be.revertedWithCustomError(ledger, "ZeroReason");
    await expect(ledger.abandonRound(0, 1, zero)).to.be.revertedWithCustomError(ledger, "ZeroHash");
  });

  it("attest is refused to another model, twice, or unsigned", async () => {
    const { ledger, members } = await loadFixture(finalized);
    const asMember = ledger.connect(members[0]);
    await expect(asMember.attest(0, hash("other"), SIGNATURE)).to.be.revertedWithCustomError(ledger, "WrongModel");
    await expect(asMember.attest(0, hash("model 1"), zero)).to.be.revertedWithCustomError(ledger, "ZeroHash");
    await asMember.attest(0, hash("model 1"), SIGNATURE);
    await expect(asMember.attest(0, hash("model 1"), SIGNATURE)).to.be.revertedWithCustomError(ledger, "AlreadyAttested");
  });

  it("dispute is refused without evidence, unsigned, or with the same evidence twice", async () => {
    const { ledger, members } = await loadFixture(closed);
    const asMember = ledger.connect(members[0]);
    await expect(asMember.dispute(0, zero, SIGNATURE)).to.be.revertedWithCustomError(ledger, "ZeroHash");
    await expect(asMember.dispute(0, hash("e"), zero)).to.be.revertedWithCustomError(ledger, "ZeroHash");
    await asMember.dispute(0, hash("e"), SIGNATURE);
    await expect(asMember.dispute(0, hash("e"), SIGNATURE)).to.be.revertedWithCustomError(ledger, "AlreadyDisputed");
  });

  for (const outcome of [0, 3, 255]) {
    it(`reportLink is refused with outcome ${outcome}`, async () => {
      const { ledger, members } = await loadFixture(opened);
      await expect(ledger.connect(members[0]).reportLink(0, outcome, hash("r"), SIGNATURE))
        .to.be.revertedWithCustomError(ledger, "UnknownOutcome")
        .withArgs(outcome);
    });
  }

  it("reportLink is refused without a report or a signature", async () => {
    const { ledger, members } = await loadFixture(opened);
    const asMember = ledger.connect(members[0]);
    await expect(asMember.reportLink(0, 1, zero, SIGNATURE)).to.be.revertedWithCustomError(ledger, "ZeroHash");
    await expect(asMember.reportLink(0, 1, hash("r"), zero)).to.be.revertedWithCustomError(ledger, "ZeroHash");
  });

  it("reportLink is refused the second time in a round, with the same report or another, also in a later phase", async () => {
    const { ledger, members } = await loadFixture(opened);
    const asMember = ledger.connect(members[0]);
    const refused = (outcome, report) => expect(asMember.reportLink(0, outcome, hash(report), SIGNATURE))
      .to.be.revertedWithCustomError(ledger, "AlreadyReported")
      .withArgs(0, members[0].address);
    await asMember.reportLink(0, 2, hash("r"), SIGNATURE);
    await refused(2, "r");
    for (const member of members) await ledger.connect(member).commitUpdate(0, hash("update"), SIGNATURE);
    await ledger.freezeCommitments(0, []);
    await refused(1, "another");
  });
});

const frozenWithFive = () => frozen(5);
