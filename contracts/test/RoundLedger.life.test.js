const { expect } = require("chai");
const { ethers } = require("hardhat");
const { loadFixture, time } = require("@nomicfoundation/hardhat-network-helpers");
const {
  hash, now, consortium, opened, frozen, closed, finalized, failed, abandoned, Phase, INITIAL_MODEL, SIGNATURE,
} = require("./consortium");

const coder = ethers.AbiCoder.defaultAbiCoder();
const chained = (head, round, phase, set, transcript, model, metadata) =>
  ethers.keccak256(
    coder.encode(
      ["bytes32", "uint64", "uint8", "bytes32", "bytes32", "bytes32", "bytes32", "bytes32"],
      [head, round, phase, hash(`plan ${round}`), set, transcript, model, metadata],
    ),
  );

describe("RoundLedger: the life of a round", () => {
  it("begins with the approved model and no rounds", async () => {
    const { ledger, registry } = await loadFixture(consortium);
    expect(await ledger.registry()).to.equal(registry.target);
    expect(await ledger.nextRound()).to.equal(0);
    expect(await ledger.initialModelHash()).to.equal(INITIAL_MODEL);
    expect(await ledger.currentModelHash()).to.equal(INITIAL_MODEL);
    expect(await ledger.historyHead()).to.equal(ethers.ZeroHash);
    expect((await ledger.round(0)).phase).to.equal(Phase.None);
  });

  it("opens a round and stores the hash of the block before", async () => {
    const { ledger } = await loadFixture(consortium);
    const deadline = (await now()) + 600;
    const tx = await ledger.openRound(0, hash("plan 0"), INITIAL_MODEL, deadline, 3, SIGNATURE);
    const before = await ethers.provider.getBlock(tx.blockNumber - 1);
    await expect(tx)
      .to.emit(ledger, "RoundOpened")
      .withArgs(0, hash("plan 0"), INITIAL_MODEL, deadline, 3, before.hash, 0, SIGNATURE);
    const round = await ledger.round(0);
    expect(round.phase).to.equal(Phase.Open);
    expect(round.planHash).to.equal(hash("plan 0"));
    expect(round.previousModelHash).to.equal(INITIAL_MODEL);
    expect(round.seedBlockHash).to.equal(before.hash);
    expect(round.commitDeadline).to.equal(deadline);
    expect(round.minParticipants).to.equal(3);
    expect(round.registryVersion).to.equal(0);
    expect(round.openedBlock).to.equal(tx.blockNumber);
    expect(await ledger.nextRound()).to.equal(1);
  });

  it("takes a commitment from each member", async () => {
    const { ledger, members } = await loadFixture(opened);
    const tx = await ledger.connect(members[0]).commitUpdate(0, hash("update"), SIGNATURE);
    await expect(tx).to.emit(ledger, "UpdateCommitted").withArgs(0, members[0].address, hash("update"), SIGNATURE);
    expect(await ledger.commitmentOf(0, members[0].address)).to.equal(hash("update"));
    expect(await ledger.commitmentOf(0, members[1].address)).to.equal(ethers.ZeroHash);
    const round = await ledger.round(0);
    expect(round.committedCount).to.equal(1);
    expect(round.lastBlock).to.equal(tx.blockNumber);
  });

  it("takes a commitment in the very second of the deadline", async () => {
    const { ledger, members, deadline } = await loadFixture(opened);
    await time.setNextBlockTimestamp(deadline);
    await expect(ledger.connect(members[0]).commitUpdate(0, hash("update"), SIGNATURE)).to.emit(ledger, "UpdateCommitted");
  });

  it("freezes as soon as every member has committed, for a member too", async () => {
    const { ledger, members } = await loadFixture(opened);
    for (const member of members) {
      await ledger.connect(member).commitUpdate(0, hash("update"), SIGNATURE);
    }
    await expect(ledger.connect(members[2]).freezeCommitments(0, []))
      .to.emit(ledger, "CommitmentsFrozen")
      .withArgs(0, members[2].address, 4);
    expect((await ledger.round(0)).phase).to.equal(Phase.Frozen);
  });

  it("freezes an incomplete round after the deadline", async () => {
    const { ledger, coordinator, members, deadline } = await loadFixture(opened);
    await ledger.connect(members[0]).commitUpdate(0, hash("update"), SIGNATURE);
    await time.setNextBlockTimestamp(deadline + 1);
    await expect(ledger.freezeCommitments(0, [])).to.emit(ledger, "CommitmentsFrozen").withArgs(0, coordinator.address, 1);
  });

  it("closes over everyone who committed", async () => {
    const { ledger, members, stranger } = await loadFixture(frozen);
    const all = members.map((member) => member.address);
    await expect(ledger.closeRound(0, all, [], [], hash("set"), SIGNATURE))
      .to.emit(ledger, "RoundClosed")
      .withArgs(0, all, [], [], hash("set"), SIGNATURE);
    const round = await ledger.round(0);
    expect(round.phase).to.equal(Phase.Closed);
    expect(round.participantCount).to.equal(4);
    expect(round.setHash).to.equal(hash("set"));
    for (const account of all) expect(await ledger.isParticipant(0, account)).to.equal(true);
    expect(await ledger.isParticipant(0, stranger.address)).to.equal(false);
  });

  it("closes with an exclusion and its reason", async () => {
    const { ledger, members } = await loadFixture(frozen);
    const [a, b, c, d] = members.map((member) => member.address);
    await expect(ledger.closeRound(0, [a, c, d], [b], [7], hash("set"), SIGNATURE))
      .to.emit(ledger, "RoundClosed")
      .withArgs(0, [a, c, d], [b], [7], hash("set"), SIGNATURE);
    expect(await ledger.isParticipant(0, b)).to.equal(false);
  });

  it("finalizes with a new model and chains its history", async () => {
    const { ledger } = await loadFixture(closed);
    const head = chained(ethers.ZeroHash, 0, Phase.Finalized, hash("set"), hash("transcript"), hash("model 1"), hash("metadata"));
    await expect(ledger.finalizeRound(0, hash("transcript"), hash("model 1"), hash("metadata"), SIGNATURE))
      .to.emit(ledger, "RoundFinalized")
      .withArgs(0, hash("transcript"), hash("model 1"), hash("metadata"), SIGNATURE, head);
    const round = await ledger.round(0);
    expect(round.phase).to.equal(Phase.Finalized);
    expect(round.transcriptRoot).to.equal(hash("transcript"));
    expect(round.modelHash).to.equal(hash("model 1"));
    expect(round.metadataHash).to.equal(hash("metadata"));
    expect(await ledger.currentModelHash()).to.equal(hash("model 1"));
    expect(await ledger.historyHead()).to.equal(head);
  });

  it("fails without touching the model", async () => {
    const { ledger } = await loadFixture(closed);
    const head = chained(ethers.ZeroHash, 0, Phase.Failed, hash("set"), hash("transcript"), ethers.ZeroHash, ethers.ZeroHash);
    await expect(ledger.failRound(0, hash("transcript"), SIGNATURE))
      .to.emit(ledger, "RoundFailed")
      .withArgs(0, hash("transcript"), SIGNATURE, head);
    expect((await ledger.round(0)).phase).to.equal(Phase.Failed);
    expect(await ledger.currentModelHash()).to.equal(INITIAL_MODEL);
    expect(await ledger.historyHead()).to.equal(head);
  });

  for (const [name, fixture] of [["open", opened], ["frozen", frozen]]) {
    it(`is abandoned by the coordinator while ${name}`, async () => {
      const { ledger, coordinator } = await loadFixture(fixture);
      const head = chained(ethers.ZeroHash, 0, Phase.Abandoned, ethers.ZeroHash, ethers.ZeroHash, ethers.ZeroHash, ethers.ZeroHash);
      await expect(ledger.abandonRound(0, 9, SIGNATURE))
        .to.emit(ledger, "RoundAbandoned")
        .withArgs(0, coordinator.address, 9, SIGNATURE, head);
      const round = await ledger.round(0);
      expect(round.phase).to.equal(Phase.Abandoned);
      expect(round.abandonReason).to.equal(9);
      expect(await ledger.currentModelHash()).to.equal(INITIAL_MODEL);
    });
  }

  it("is abandoned by a member an hour and a second after the deadline, not before", async () => {
    const { ledger, members, deadline } = await loadFixture(opened);
    const asMember = ledger.connect(members[1]);
    await time.setNextBlockTimestamp(deadline + 3600);
    await expect(asMember.abandonRound(0, 2, SIGNATURE)).to.be.revertedWithCustomError(ledger, "DeadlineNotReached");
    await time.setNextBlockTimestamp(deadline + 3601);
    await expect(asMember.abandonRound(0, 2, SIGNATURE)).to.emit(ledger, "RoundAbandoned");
  });

  it("is attested by each member once", async () => {
    const { ledger, members } = await loadFixture(finalized);
    for (const member of members) {
      await expect(ledger.connect(member).attest(0, hash("model 1"), SIGNATURE))
        .to.emit(ledger, "RoundAttested")
        .withArgs(0, member.address, hash("model 1"), SIGNATURE);
      expect(await ledger.hasAttested(0, member.address)).to.equal(true);
    }
  });

  for (const [name, fixture] of [["closed", closed], ["finalized", finalized], ["failed", failed]]) {
    it(`is disputed when ${name}, with as many pieces of evidence as a member has`, async () => {
      const { ledger, members } = await loadFixture(fixture);
      for (const evidence of ["one", "two"]) {
        await expect(ledger.connect(members[3]).dispute(0, hash(evidence), SIGNATURE))
          .to.emit(ledger, "RoundDisputed")
          .withArgs(0, members[3].address, hash(evidence), SIGNATURE);
      }
    });
  }

  for (const [name, fixture] of [["open", opened], ["frozen", frozen], ["closed", closed]]) {
    it(`takes a link report from each member while ${name}, and stays so`, async () => {
      const { ledger, members } = await loadFixture(fixture);
      const { phase, committedCount } = await ledger.round(0);
      for (const [i, member] of members.entries()) {
        const outcome = 1 + (i % 2);
        const tx = await ledger.connect(member).reportLink(0, outcome, hash(`report ${i}`), hash(`signature ${i}`));
        await expect(tx)
          .to.emit(ledger, "LinkReported")
          .withArgs(0, member.address, outcome, hash(`report ${i}`), hash(`signature ${i}`));
        expect(await ledger.linkReportOf(0, member.address)).to.equal(hash(`report ${i}`));
        expect((await ledger.round(0)).lastBlock).to.equal(tx.blockNumber);
      }
      const after = await ledger.round(0);
      expect(after.phase).to.equal(phase);
      expect(after.committedCount).to.equal(committedCount);
    });
  }

  it("takes a link report from one member in every round, and holds none of those who sent none", async () => {
    const { ledger, members, stranger } = await loadFixture(opened);
    const asMember = ledger.connect(members[0]);
    await asMember.reportLink(0, 1, hash("report 0"), SIGNATURE);
    await ledger.abandonRound(0, 1, SIGNATURE);
    await ledger.openRound(1, hash("plan 1"), INITIAL_MODEL, (await now()) + 600, 3, SIGNATURE);
    expect(await ledger.linkReportOf(1, members[0].address)).to.equal(ethers.ZeroHash);
    await asMember.reportLink(1, 2, hash("report 1"), SIGNATURE);
    expect(await ledger.linkReportOf(0, members[0].address)).to.equal(hash("report 0"));
    expect(await ledger.linkReportOf(1, members[0].address)).to.equal(hash("report 1"));
    for (const other of [members[1], stranger]) {
      expect(await ledger.linkReportOf(1, other.address)).to.equal(ethers.ZeroHash);
    }
  });

  for (const [name, fixture, model] of [
    ["finalized", finalized, hash("model 1")],
    ["failed", failed, INITIAL_MODEL],
    ["abandoned", abandoned, INITIAL_MODEL],
  ]) {
    it(`is followed by the next once ${name}, and the history chains on`, async () => {
      const { ledger } = await loadFixture(fixture);
      const before = await ledger.historyHead();
      await expect(ledger.openRound(1, hash("plan 1"), model, (await now()) + 600, 4, SIGNATURE)).to.emit(ledger, "RoundOpened");
      await ledger.abandonRound(1, 1, SIGNATURE);
      const zero = ethers.ZeroHash;
      expect(await ledger.historyHead()).to.equal(chained(before, 1, Phase.Abandoned, zero, zero, zero, zero));
    });
  }
});
