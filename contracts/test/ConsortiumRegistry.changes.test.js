const { expect } = require("chai");
const { ethers } = require("hardhat");
const { loadFixture, setStorageAt } = require("@nomicfoundation/hardhat-network-helpers");
const { hash, now, consortium, RULES, Role, MEMBERS } = require("./consortium");
const {
  Change, Status, signingKey, sealingKey, signature, digest, proposal, admit, suspend, reinstate, setRole, setKeys, submit, passed, enact,
} = require("./proposals");

const zero = ethers.ZeroHash;

describe("ConsortiumRegistry: changes", () => {
  it("a proposal is stored and told with everything in it", async () => {
    const { registry, members, stranger } = await loadFixture(consortium);
    const p = { ...admit(stranger, Role.Regulator), signature: signature("the proposer") };
    const tx = await submit(registry, members[1], 0, p);
    const expires = (await now()) + RULES.votingPeriod;
    await expect(tx).to.emit(registry, "ProposalMade").withArgs(
      0, members[1].address, stranger.address, Change.Admit, Role.Regulator, expires, ethers.sha256(p.signature));
    await expect(tx).to.emit(registry, "KeysProposed").withArgs(0, p.signingKey, p.sealingKey);
    expect(await registry.proposalOf(0)).to.deep.equal([
      Change.Admit, Role.Regulator, false, BigInt(expires), members[1].address, stranger.address, digest(p.signingKey), digest(p.sealingKey)]);
    expect(await registry.nextProposal()).to.equal(1);
    expect(await registry.version()).to.equal(0);
    expect((await registry.partyOf(stranger.address)).role).to.equal(Role.None);
  });

  it("a proposal without keys tells of none", async () => {
    const { registry, members } = await loadFixture(consortium);
    await expect(submit(registry, members[0], 0, suspend(members[1]))).not.to.emit(registry, "KeysProposed");
    expect(await registry.proposalOf(0)).to.deep.equal([
      Change.Suspend, Role.None, false, BigInt((await now()) + RULES.votingPeriod), members[0].address, members[1].address, zero, zero]);
  });

  it("proposals may be open side by side and pass in any order", async () => {
    const { registry, members, stranger } = await loadFixture(consortium);
    const first = await passed(registry, members, suspend(members[3]));
    const second = await passed(registry, members, admit(stranger));
    await registry.connect(members[0]).execute(second);
    await registry.connect(members[0]).execute(first);
    expect(await registry.version()).to.equal(2);
    expect((await registry.partyOf(members[3].address)).status).to.equal(Status.Suspended);
  });

  it("a vote is told with the hash of its signature", async () => {
    const { registry, members } = await loadFixture(consortium);
    await submit(registry, members[0], 0, suspend(members[1]));
    for (const [i, support] of [true, false, true].entries()) {
      await expect(registry.connect(members[i]).vote(0, support, signature(i)))
        .to.emit(registry, "VoteCast").withArgs(0, members[i].address, support, ethers.sha256(signature(i)));
    }
    expect(await registry.tally(0)).to.deep.equal([2n, 1n]);
  });

  for (const role of [Role.Member, Role.Regulator]) {
    it(`admits a ${role === Role.Member ? "member" : "regulator"}, who is one from then on`, async () => {
      const { registry, members, stranger } = await loadFixture(consortium);
      const p = admit(stranger, role);
      const tx = await enact(registry, members, p);
      const keys = [digest(p.signingKey), digest(p.sealingKey)];
      await expect(tx).to.emit(registry, "PartyAdmitted").withArgs(stranger.address, role, ...keys, 1);
      await expect(tx).to.emit(registry, "ProposalExecuted").withArgs(0, members[0].address, 4, 0, 4, 1);
      expect(await registry.partyOf(stranger.address)).to.deep.equal([role, Status.Active, 1n, ...keys]);
      expect(await registry.membership(stranger.address)).to.deep.equal([role === Role.Member, 1n]);
      expect(await registry.activeMemberCount()).to.equal(role === Role.Member ? MEMBERS + 1 : MEMBERS);
      expect(await registry.partyCount()).to.equal(MEMBERS + 3);
      expect(await registry.accountAt(MEMBERS + 2)).to.equal(stranger.address);
      expect((await registry.proposalOf(0)).executed).to.equal(true);
      expect(await registry.version()).to.equal(1);
    });
  }

  it("admits a party without a sealing key", async () => {
    const { registry, members, stranger } = await loadFixture(consortium);
    await enact(registry, members, { ...admit(stranger), sealingKey: "0x" });
    expect((await registry.partyOf(stranger.address)).sealingKeyHash).to.equal(zero);
  });

  it("suspends and reinstates a member; the count follows", async () => {
    const { registry, members } = await loadFixture(consortium);
    const [a, b, c, d] = members;
    await expect(enact(registry, [a, b, c], suspend(d))).to.emit(registry, "PartySuspended").withArgs(d.address, 1);
    expect(await registry.partyOf(d.address))
      .to.deep.equal([Role.Member, Status.Suspended, 0n, hash(`key of ${d.address}`), hash(`sealing key of ${d.address}`)]);
    expect(await registry.membership(d.address)).to.deep.equal([false, 0n]);
    expect(await registry.activeMemberCount()).to.equal(3);
    await expect(enact(registry, [a, b, c], reinstate(d))).to.emit(registry, "PartyReinstated").withArgs(d.address, 2);
    expect(await registry.membership(d.address)).to.deep.equal([true, 2n]);
    expect(await registry.activeMemberCount()).to.equal(4);
    expect(await registry.partyCount()).to.equal(MEMBERS + 2);
  });

  it("suspends and reinstates a regulator; the members' count stays", async () => {
    const { registry, members, regulator } = await loadFixture(consortium);
    await enact(registry, members, suspend(regulator));
    expect((await registry.partyOf(regulator.address)).status).to.equal(Status.Suspended);
    await enact(registry, members, reinstate(regulator));
    expect((await registry.partyOf(regulator.address)).status).to.equal(Status.Active);
    expect(await registry.activeMemberCount()).to.equal(MEMBERS);
  });

  it("suspends the coordinator, whose place is free then, and reinstates it", async () => {
    const { registry, members, coordinator } = await loadFixture(consortium);
    await enact(registry, members, suspend(coordinator));
    expect(await registry.coordinator()).to.equal(ethers.ZeroAddress);
    await enact(registry, members, reinstate(coordinator));
    expect(await registry.coordinator()).to.equal(coordinator.address);
  });

  it("admits another coordinator once the place is free", async () => {
    const { registry, members, coordinator, stranger } = await loadFixture(consortium);
    await enact(registry, members, suspend(coordinator));
    await enact(registry, members, admit(stranger, Role.Coordinator));
    expect(await registry.coordinator()).to.equal(stranger.address);
  });

  it("changes a role each way, with a new `since` and the count and the coordinator's place in step", async () => {
    const { registry, members, regulator, coordinator } = await loadFixture(consortium);
    const voters = members.slice(0, 3);
    const ways = [
      [members[3], Role.Regulator, 3, coordinator.address],
      [regulator, Role.Member, 4, coordinator.address],
      [coordinator, Role.Regulator, 4, ethers.ZeroAddress],
      [members[3], Role.Coordinator, 4, members[3].address],
      [members[3], Role.Regulator, 4, ethers.ZeroAddress],
      [regulator, Role.Coordinator, 3, regulator.address],
      [regulator, Role.Member, 4, ethers.ZeroAddress],
    ];
    for (const [i, [party, role, count, place]] of ways.entries()) {
      await expect(enact(registry, voters, setRole(party, role))).to.emit(registry, "RoleChanged").withArgs(party.address, role, i + 1);
      const { role: now, status, since } = await registry.partyOf(party.address);
      expect([now, status, since]).to.deep.equal([role, Status.Active, BigInt(i + 1)]);
      expect(await registry.membership(party.address)).to.deep.equal([role === Role.Member, BigInt(i + 1)]);
      expect(await registry.activeMemberCount()).to.equal(count);
      expect(await registry.coordinator()).to.equal(place);
    }
  });

  for (const who of ["coordinator", "regulator", "members"]) {
    it(`new keys for itself are proposed by a ${who === "members" ? "member" : who}`, async () => {
      const federation = await loadFixture(consortium);
      const { registry, members } = federation;
      const party = who === "members" ? members[2] : federation[who];
      const p = setKeys(party, "new");
      await submit(registry, party, 0, p);
      for (const member of members) await registry.connect(member).vote(0, true, signature());
      const tx = await registry.connect(party).execute(0);
      const keys = [digest(p.signingKey), digest(p.sealingKey)];
      await expect(tx).to.emit(registry, "KeysChanged").withArgs(party.address, ...keys, 1);
      await expect(tx).to.emit(registry, "ProposalExecuted").withArgs(0, party.address, 4, 0, 4, 1);
      const after = await registry.partyOf(party.address);
      expect([after.status, after.since, after.signingKeyHash, after.sealingKeyHash]).to.deep.equal([Status.Active, 0n, ...keys]);
    });
  }

  it("members change the keys of others, of suspended ones too", async () => {
    const { registry, members } = await loadFixture(consortium);
    const voters = members.slice(0, 3);
    await enact(registry, voters, suspend(members[3]));
    await enact(registry, voters, setKeys(members[3], "found again"));
    expect(await registry.partyOf(members[3].address)).to.deep.equal(
      [Role.Member, Status.Suspended, 0n, digest(signingKey("found again")), digest(sealingKey("found again"))]);
  });

  it("the sealing key alone is changed, or taken away", async () => {
    const { registry, members } = await loadFixture(consortium);
    await enact(registry, members, setKeys(members[1], "one"));
    for (const next of [sealingKey("two"), "0x"]) {
      await enact(registry, members, { ...setKeys(members[1], "one"), sealingKey: next });
      const { signingKeyHash, sealingKeyHash } = await registry.partyOf(members[1].address);
      expect([signingKeyHash, sealingKeyHash]).to.deep.equal([digest(signingKey("one")), digest(next)]);
    }
  });

  it("any active party executes, whoever proposed", async () => {
    const { registry, members, coordinator, regulator } = await loadFixture(consortium);
    for (const [i, by] of [coordinator, regulator, members[3]].entries()) {
      const number = await passed(registry, members.slice(0, 3), setKeys(members[0], `${i}`));
      await expect(registry.connect(by).execute(number))
        .to.emit(registry, "ProposalExecuted").withArgs(number, by.address, 3, 0, 4, i + 1);
    }
  });

  it("admits up to 1024 parties and no more", async () => {
    const { registry, members, stranger } = await loadFixture(consortium);
    const accountsLength = 2; // the slot: before it are version, activeMemberCount and coordinator in one, nextProposal in the next
    expect(BigInt(await ethers.provider.getStorage(registry.target, accountsLength))).to.equal(MEMBERS + 2);
    const another = ethers.Wallet.createRandom();
    await passed(registry, members, admit(another));
    await setStorageAt(registry.target, accountsLength, 1023);
    await enact(registry, members, admit(stranger));
    expect(await registry.partyCount()).to.equal(1024);
    await expect(registry.connect(members[0]).execute(0)).to.be.revertedWithCustomError(registry, "TooManyParties").withArgs(1024);
    await expect(submit(registry, members[0], 2, admit(another)))
      .to.be.revertedWithCustomError(registry, "TooManyParties").withArgs(1024);
    await enact(registry, members, suspend(stranger));
    expect(await registry.partyCount()).to.equal(1024);
  });

  it("a number that names no change or no role is refused", async () => {
    const { registry, members } = await loadFixture(consortium);
    await expect(submit(registry, members[0], 0, proposal(6, members[1]))).to.be.revertedWithoutReason();
    await expect(submit(registry, members[0], 0, { ...admit(members[1]), role: 4 })).to.be.revertedWithoutReason();
  });
});
