const { expect } = require("chai");
const { ethers } = require("hardhat");
const { loadFixture, time } = require("@nomicfoundation/hardhat-network-helpers");
const {
  hash, now, ascending, consortium, opened, frozen, closed, finalized, abandoned, Phase, Role, INITIAL_MODEL, SIGNATURE,
} = require("./consortium");
const { admit, suspend, reinstate, setRole, setKeys, enact } = require("./proposals");

const update = (member) => hash(`update ${member.address}`);
const commit = (ledger, member, round = 0) => ledger.connect(member).commitUpdate(round, update(member), SIGNATURE);
const addresses = (signers) => signers.map((signer) => signer.address);
const open = async (ledger, round, model = INITIAL_MODEL, least = 3) =>
  ledger.openRound(round, hash(`plan ${round}`), model, (await now()) + 600, least, SIGNATURE);

describe("RoundLedger: a round belongs to the registry's version it was opened under", () => {
  it("stores and tells the version", async () => {
    const { registry, ledger, members, stranger } = await loadFixture(consortium);
    await enact(registry, members, admit(stranger));
    await enact(registry, members, setKeys(stranger, "new"));
    const deadline = (await now()) + 600;
    const tx = await ledger.openRound(0, hash("plan 0"), INITIAL_MODEL, deadline, 5, SIGNATURE);
    const before = await ethers.provider.getBlock(tx.blockNumber - 1);
    await expect(tx).to.emit(ledger, "RoundOpened").withArgs(0, hash("plan 0"), INITIAL_MODEL, deadline, 5, before.hash, 2, SIGNATURE);
    await enact(registry, members, setKeys(stranger, "newer"));
    expect((await ledger.round(0)).registryVersion).to.equal(2);
    for (const member of [...members, stranger]) await commit(ledger, member);
    expect((await ledger.round(0)).committedCount).to.equal(5);
  });

  it("takes no commitment of a member admitted after the opening; the next round does", async () => {
    const { registry, ledger, members, stranger } = await loadFixture(opened);
    await enact(registry, members, admit(stranger));
    await expect(commit(ledger, stranger)).to.be.revertedWithCustomError(ledger, "NotOfThisRound").withArgs(0, stranger.address);
    await expect(ledger.connect(stranger).reportLink(0, 1, hash("report"), SIGNATURE))
      .to.be.revertedWithCustomError(ledger, "NotOfThisRound").withArgs(0, stranger.address);
    await ledger.abandonRound(0, 1, SIGNATURE);
    await open(ledger, 1);
    await expect(commit(ledger, stranger, 1)).to.emit(ledger, "UpdateCommitted");
  });

  for (const first of ["before", "after"]) {
    it(`takes no commitment of a member reinstated after the opening, suspended ${first} it`, async () => {
      const { registry, ledger, members } = await loadFixture(consortium);
      const [a, b, c, d] = members;
      if (first === "before") await enact(registry, [a, b, c], suspend(d));
      await open(ledger, 0);
      if (first === "after") await enact(registry, [a, b, c], suspend(d));
      await expect(commit(ledger, d)).to.be.revertedWithCustomError(ledger, "NotActiveMember").withArgs(d.address);
      await enact(registry, [a, b, c], reinstate(d));
      await expect(commit(ledger, d)).to.be.revertedWithCustomError(ledger, "NotOfThisRound").withArgs(0, d.address);
    });
  }

  it("takes no commitment of who became a member after the opening", async () => {
    const { registry, ledger, members, regulator } = await loadFixture(opened);
    await enact(registry, members, setRole(regulator, Role.Member));
    await expect(commit(ledger, regulator)).to.be.revertedWithCustomError(ledger, "NotOfThisRound").withArgs(0, regulator.address);
  });

  it("takes a commitment of a member whose keys have changed since", async () => {
    const { registry, ledger, members } = await loadFixture(opened);
    await enact(registry, members, setKeys(members[0], "new"));
    await expect(commit(ledger, members[0])).to.emit(ledger, "UpdateCommitted");
  });

  it("needs no more participants than there are active members", async () => {
    const { registry, ledger, members } = await loadFixture(consortium);
    await enact(registry, members, suspend(members[3]));
    await expect(open(ledger, 0, INITIAL_MODEL, 4)).to.be.revertedWithCustomError(ledger, "MinParticipantsOutOfRange").withArgs(4, 3, 3);
    await enact(registry, members.slice(0, 3), suspend(members[2]));
    await expect(open(ledger, 0)).to.be.revertedWithCustomError(ledger, "MinParticipantsOutOfRange").withArgs(3, 3, 2);
  });
});

describe("RoundLedger: the suspended", () => {
  const steps = {
    commitUpdate: [opened, "NotActiveMember", (l, m) => commit(l, m)],
    freezeCommitments: [opened, "NotOfConsortium", (l) => l.freezeCommitments(0, [])],
    abandonRound: [opened, "NotOfConsortium", (l) => l.abandonRound(0, 1, SIGNATURE)],
    reportLink: [opened, "NotActiveMember", (l) => l.reportLink(0, 1, hash("report"), SIGNATURE)],
    dispute: [closed, "NotActiveMember", (l) => l.dispute(0, hash("evidence"), SIGNATURE)],
    attest: [finalized, "NotActiveMember", (l) => l.attest(0, hash("model 1"), SIGNATURE)],
    recordCeremony: [consortium, "NotOfConsortium", (l) => l.recordCeremony(1, hash("minutes"), SIGNATURE)],
  };
  for (const [step, [fixture, error, take]] of Object.entries(steps)) {
    it(`member can no longer call ${step}, at no time`, async () => {
      const { registry, ledger, members } = await loadFixture(fixture);
      const [a, b, c, d] = members;
      await enact(registry, [a, b, c], suspend(d));
      for (const wait of [1, 601, 4300]) {
        await time.increase(wait);
        await expect(take(ledger.connect(d), d)).to.be.revertedWithCustomError(ledger, error).withArgs(d.address);
      }
    });
  }

  const coordinated = {
    openRound: [consortium, "NotCoordinator", (l) => open(l, 0)],
    freezeCommitments: [opened, "NotOfConsortium", (l) => l.freezeCommitments(0, [])],
    abandonRound: [opened, "NotOfConsortium", (l) => l.abandonRound(0, 1, SIGNATURE)],
    closeRound: [frozen, "NotCoordinator", (l, f) => l.closeRound(0, addresses(f.members), [], [], hash("set"), SIGNATURE)],
    finalizeRound: [closed, "NotCoordinator", (l) => l.finalizeRound(0, hash("t"), hash("m"), hash("d"), SIGNATURE)],
    failRound: [closed, "NotCoordinator", (l) => l.failRound(0, hash("t"), SIGNATURE)],
    recordCeremony: [consortium, "NotOfConsortium", (l) => l.recordCeremony(1, hash("minutes"), SIGNATURE)],
  };
  for (const [step, [fixture, error, take]] of Object.entries(coordinated)) {
    it(`coordinator can no longer call ${step}; its successor can`, async () => {
      const federation = await loadFixture(fixture);
      const { registry, ledger, coordinator, members, stranger } = federation;
      await enact(registry, members, suspend(coordinator));
      await expect(take(ledger, federation)).to.be.revertedWithCustomError(ledger, error).withArgs(coordinator.address);
      await enact(registry, members, admit(stranger, Role.Coordinator));
      await expect(take(ledger, federation)).to.be.revertedWithCustomError(ledger, error).withArgs(coordinator.address);
      await time.increase(601);
      await take(ledger.connect(stranger), federation);
    });
  }

  it("member that has committed remains in the set, and is excluded only with a reason", async () => {
    const { registry, ledger, members } = await loadFixture(frozen);
    const [a, b, c, d] = members;
    await enact(registry, [a, b, c], suspend(d));
    await expect(ledger.closeRound(0, addresses([a, b, c]), [], [], hash("set"), SIGNATURE))
      .to.be.revertedWithCustomError(ledger, "CommittersMissing").withArgs(3, 4);
    await ledger.closeRound(0, addresses(members), [], [], hash("set"), SIGNATURE);
    expect(await ledger.isParticipant(0, d.address)).to.equal(true);
    await ledger.finalizeRound(0, hash("t"), hash("m"), hash("d"), SIGNATURE);
    await expect(ledger.connect(d).attest(0, hash("m"), SIGNATURE)).to.be.revertedWithCustomError(ledger, "NotActiveMember");
    await enact(registry, [a, b, c], reinstate(d));
    await expect(ledger.connect(d).attest(0, hash("m"), SIGNATURE)).to.emit(ledger, "RoundAttested");
    await expect(ledger.connect(d).dispute(0, hash("e"), SIGNATURE)).to.emit(ledger, "RoundDisputed");
  });
});

describe("RoundLedger: attestations and disputes are of those who committed", () => {
  async function threeOfFour() {
    const federation = await opened();
    const { ledger, members, deadline } = federation;
    for (const member of members.slice(0, 3)) await commit(ledger, member);
    await time.increaseTo(deadline + 1);
    await ledger.freezeCommitments(0, []);
    await ledger.closeRound(0, addresses(members.slice(0, 3)), [], [], hash("set"), SIGNATURE);
    return federation;
  }

  it("not of a member that sent nothing", async () => {
    const { ledger, members } = await loadFixture(threeOfFour);
    const absent = ledger.connect(members[3]);
    await expect(absent.dispute(0, hash("e"), SIGNATURE))
      .to.be.revertedWithCustomError(ledger, "NotOfThisRound").withArgs(0, members[3].address);
    await ledger.finalizeRound(0, hash("t"), hash("m"), hash("d"), SIGNATURE);
    await expect(absent.attest(0, hash("m"), SIGNATURE))
      .to.be.revertedWithCustomError(ledger, "NotOfThisRound").withArgs(0, members[3].address);
    await expect(ledger.connect(members[0]).attest(0, hash("m"), SIGNATURE)).to.emit(ledger, "RoundAttested");
  });

  it("also of one that was excluded", async () => {
    const { ledger, members } = await loadFixture(frozen);
    const [a, b, c, d] = members;
    await ledger.closeRound(0, addresses([a, b, c]), [d.address], [1], hash("set"), SIGNATURE);
    await expect(ledger.connect(d).dispute(0, hash("e"), SIGNATURE)).to.emit(ledger, "RoundDisputed");
    await ledger.finalizeRound(0, hash("t"), hash("m"), hash("d"), SIGNATURE);
    await expect(ledger.connect(d).attest(0, hash("m"), SIGNATURE)).to.emit(ledger, "RoundAttested");
  });
});

describe("RoundLedger: freezing after the registry has changed", () => {
  // Five members; the last is suspended, a newcomer admitted: four of the round remain, and one that is not of it.
  async function changed() {
    const federation = await opened(5);
    const { registry, ledger, members, stranger } = federation;
    await enact(registry, members, suspend(members[4]));
    await enact(registry, members.slice(0, 4), admit(stranger));
    const active = ascending([...members.slice(0, 4), stranger]);
    for (const member of members.slice(0, 4)) await commit(ledger, member);
    return { ...federation, active, suspended: members[4] };
  }

  it("is early once all the round's members have committed, shown by the list of those active now", async () => {
    const { ledger, members, active } = await loadFixture(changed);
    await expect(ledger.connect(members[1]).freezeCommitments(0, addresses(active)))
      .to.emit(ledger, "CommitmentsFrozen").withArgs(0, members[1].address, 4);
  });

  it("counts as committed who has committed and was suspended and reinstated", async () => {
    const { registry, ledger, members } = await loadFixture(opened);
    const [a, b, c, d] = members;
    for (const member of members) await commit(ledger, member);
    await enact(registry, [a, b, c], suspend(d));
    await enact(registry, [a, b, c], reinstate(d));
    await expect(ledger.freezeCommitments(0, addresses(members))).to.emit(ledger, "CommitmentsFrozen");
  });

  it("does not wait for a suspended member, nor for a member that became coordinator", async () => {
    const { registry, ledger, coordinator, members } = await loadFixture(opened);
    const [a, b, c, d] = members;
    await enact(registry, members, suspend(coordinator));
    await enact(registry, members, setRole(d, Role.Coordinator));
    for (const member of [a, b, c]) await commit(ledger, member);
    await expect(ledger.connect(d).freezeCommitments(0, addresses([a, b, c]))).to.emit(ledger, "CommitmentsFrozen").withArgs(0, d.address, 3);
  });

  it("waits for each member of the round that is active", async () => {
    const { registry, ledger, members, stranger, deadline } = await loadFixture(opened);
    await enact(registry, members, admit(stranger));
    for (const member of members.slice(1)) await commit(ledger, member);
    const active = addresses(ascending([...members, stranger]));
    await time.setNextBlockTimestamp(deadline);
    await expect(ledger.freezeCommitments(0, active)).to.be.revertedWithCustomError(ledger, "DeadlineNotReached").withArgs(deadline, deadline);
  });

  it("is refused with a list of another length", async () => {
    const { ledger, active } = await loadFixture(changed);
    for (const list of [[], active.slice(1), [...active, active[4]]]) {
      await expect(ledger.freezeCommitments(0, addresses(list)))
        .to.be.revertedWithCustomError(ledger, "WitnessMissing").withArgs(list.length, 5);
    }
  });

  it("is refused with a list that is not ascending or names the zero account", async () => {
    const { ledger, active } = await loadFixture(changed);
    const [a, b, c, d, e] = addresses(active);
    for (const [list, at] of [[[b, a, c, d, e], a], [[a, b, c, d, d], d], [[ethers.ZeroAddress, a, b, c, d], ethers.ZeroAddress]]) {
      await expect(ledger.freezeCommitments(0, list)).to.be.revertedWithCustomError(ledger, "NotAscending").withArgs(at);
    }
  });

  it("is refused with a list that names who is no active member in the place of one", async () => {
    const { ledger, active, suspended, coordinator, regulator } = await loadFixture(changed);
    for (const other of [suspended, coordinator, regulator, ethers.Wallet.createRandom()]) {
      const list = addresses(ascending([...active.slice(1), other]));
      await expect(ledger.freezeCommitments(0, list)).to.be.revertedWithCustomError(ledger, "NotWaitedFor").withArgs(other.address);
    }
  });

  it("needs no list after the deadline, and looks at none", async () => {
    const { registry, ledger, members, coordinator, stranger, deadline } = await loadFixture(opened);
    await enact(registry, members, admit(stranger));
    await commit(ledger, members[0]);
    const before = await ethers.provider.send("evm_snapshot");
    for (const list of [[], [ethers.ZeroAddress]]) {
      await time.setNextBlockTimestamp(deadline + 1);
      await expect(ledger.freezeCommitments(0, list)).to.emit(ledger, "CommitmentsFrozen").withArgs(0, coordinator.address, 1);
      if (list.length === 0) await ethers.provider.send("evm_revert", [before]);
    }
  });

  it("looks at no list while the registry is the same", async () => {
    const { ledger, members } = await loadFixture(opened);
    for (const member of members) await commit(ledger, member);
    await expect(ledger.freezeCommitments(0, [ethers.ZeroAddress])).to.emit(ledger, "CommitmentsFrozen");
  });
});

describe("RoundLedger: without a coordinator", () => {
  it("nothing is opened; a new coordinator goes on with the model there is", async () => {
    const { registry, ledger, coordinator, members, stranger } = await loadFixture(abandoned);
    await enact(registry, members, suspend(coordinator));
    for (const caller of [coordinator, ...members, stranger]) {
      await expect(open(ledger.connect(caller), 1)).to.be.revertedWithCustomError(ledger, "NotCoordinator").withArgs(caller.address);
    }
    await enact(registry, members, admit(stranger, Role.Coordinator));
    await expect(open(ledger.connect(stranger), 1)).to.emit(ledger, "RoundOpened");
  });

  it("members freeze, and abandon an hour and a second after the deadline", async () => {
    const { registry, ledger, coordinator, members, deadline } = await loadFixture(opened);
    await enact(registry, members, suspend(coordinator));
    for (const member of members) await commit(ledger, member);
    await ledger.connect(members[0]).freezeCommitments(0, addresses(members));
    await time.setNextBlockTimestamp(deadline + 3600);
    await expect(ledger.connect(members[1]).abandonRound(0, 2, SIGNATURE))
      .to.be.revertedWithCustomError(ledger, "DeadlineNotReached").withArgs(deadline, deadline + 3600);
    await time.setNextBlockTimestamp(deadline + 3601);
    await expect(ledger.connect(members[1]).abandonRound(0, 2, SIGNATURE)).to.emit(ledger, "RoundAbandoned");
  });

  it("a new one carries an open round to its end", async () => {
    const { registry, ledger, coordinator, members, stranger } = await loadFixture(opened);
    await commit(ledger, members[0]);
    await enact(registry, members, suspend(coordinator));
    await enact(registry, members, admit(stranger, Role.Coordinator));
    for (const member of members.slice(1)) await commit(ledger, member);
    const asNew = ledger.connect(stranger);
    await asNew.freezeCommitments(0, addresses(members));
    await asNew.closeRound(0, addresses(members), [], [], hash("set"), SIGNATURE);
    await asNew.finalizeRound(0, hash("t"), hash("model 1"), hash("d"), SIGNATURE);
    await open(asNew, 1, hash("model 1"));
    expect((await ledger.round(1)).phase).to.equal(Phase.Open);
  });

  it("a member that became coordinator closes a round it has committed to, and attests to none", async () => {
    const { registry, ledger, coordinator, members } = await loadFixture(frozen);
    await enact(registry, members, suspend(coordinator));
    await enact(registry, members, setRole(members[0], Role.Coordinator));
    const asNew = ledger.connect(members[0]);
    await asNew.closeRound(0, addresses(members), [], [], hash("set"), SIGNATURE);
    await asNew.finalizeRound(0, hash("t"), hash("m"), hash("d"), SIGNATURE);
    await expect(asNew.attest(0, hash("m"), SIGNATURE)).to.be.revertedWithCustomError(ledger, "NotActiveMember");
  });
});

describe("RoundLedger: deadlines near the end of time", () => {
  for (const deadline of [2n ** 64n - 1n, 2n ** 64n - 3600n, 2n ** 64n - 3601n]) {
    it(`${deadline} is one: members commit and freeze, only a coordinator abandons`, async () => {
      const { ledger, members } = await loadFixture(consortium);
      await ledger.openRound(0, hash("plan 0"), INITIAL_MODEL, deadline, 3, SIGNATURE);
      await commit(ledger, members[0]);
      const early = [(l) => l.freezeCommitments(0, []), (l) => l.abandonRound(0, 1, SIGNATURE)];
      for (const take of early) await expect(take(ledger.connect(members[1]))).to.be.revertedWithCustomError(ledger, "DeadlineNotReached");
      for (const member of members.slice(1)) await commit(ledger, member);
      await ledger.connect(members[1]).freezeCommitments(0, []);
      await expect(ledger.abandonRound(0, 1, SIGNATURE)).to.emit(ledger, "RoundAbandoned");
    });
  }
});

describe("RoundLedger: key ceremonies", () => {
  it("are recorded by the coordinator and by members, before, between and during rounds", async () => {
    for (const fixture of [consortium, opened, finalized]) {
      const { ledger, coordinator, members } = await loadFixture(fixture);
      for (const by of [coordinator, ...members]) {
        await expect(ledger.connect(by).recordCeremony(255, hash("minutes"), SIGNATURE))
          .to.emit(ledger, "KeyCeremonyRecorded").withArgs(by.address, 255, hash("minutes"), SIGNATURE);
      }
    }
  });

  it("are recorded once with the same minutes, whatever the kind", async () => {
    const { ledger, members } = await loadFixture(consortium);
    const asMember = ledger.connect(members[0]);
    await asMember.recordCeremony(1, hash("minutes"), SIGNATURE);
    for (const kind of [1, 2]) {
      await expect(asMember.recordCeremony(kind, hash("minutes"), SIGNATURE))
        .to.be.revertedWithCustomError(ledger, "AlreadyRecorded").withArgs(members[0].address, hash("minutes"));
    }
    await expect(asMember.recordCeremony(1, hash("other minutes"), SIGNATURE)).to.emit(ledger, "KeyCeremonyRecorded");
  });

  it("are refused without a kind, minutes or a signature, and to regulators and strangers", async () => {
    const { ledger, regulator, stranger } = await loadFixture(consortium);
    await expect(ledger.recordCeremony(0, hash("m"), SIGNATURE)).to.be.revertedWithCustomError(ledger, "ZeroKind");
    await expect(ledger.recordCeremony(1, ethers.ZeroHash, SIGNATURE)).to.be.revertedWithCustomError(ledger, "ZeroHash");
    await expect(ledger.recordCeremony(1, hash("m"), ethers.ZeroHash)).to.be.revertedWithCustomError(ledger, "ZeroHash");
    for (const caller of [regulator, stranger]) {
      await expect(ledger.connect(caller).recordCeremony(1, hash("m"), SIGNATURE))
        .to.be.revertedWithCustomError(ledger, "NotOfConsortium").withArgs(caller.address);
    }
  });
});
