const { expect } = require("chai");
const { ethers } = require("hardhat");
const { loadFixture } = require("@nomicfoundation/hardhat-network-helpers");
const { hash, consortium, MEMBERS } = require("./consortium");

const a = ethers.getAddress("0x00000000000000000000000000000000000000a1");
const b = ethers.getAddress("0x00000000000000000000000000000000000000b2");
const c = ethers.getAddress("0x00000000000000000000000000000000000000c3");
const key = hash("key");

function found({ federation = hash("f"), agreement = hash("a"), coordinator = c, members = [a, b], keys = [key, key], own = key } = {}) {
  return ethers.deployContract("ConsortiumRegistry", [federation, agreement, coordinator, members, keys, own]);
}

describe("ConsortiumRegistry", () => {
  it("keeps the charter it was founded with", async () => {
    const { registry, coordinator, members } = await loadFixture(consortium);
    expect(await registry.federationId()).to.equal(hash("federation"));
    expect(await registry.agreementHash()).to.equal(hash("agreement"));
    expect(await registry.coordinator()).to.equal(coordinator.address);
    expect(await registry.memberCount()).to.equal(MEMBERS);
    expect(await registry.activeMemberCount()).to.equal(MEMBERS);
    for (let i = 0; i < MEMBERS; i++) {
      expect(await registry.memberAt(i)).to.equal(members[i].address);
      expect(await registry.signingKeyHash(members[i].address)).to.equal(hash(`key of ${members[i].address}`));
    }
    expect(await registry.signingKeyHash(coordinator.address)).to.equal(hash("key of the coordinator"));
  });

  it("tells member, coordinator and stranger apart", async () => {
    const { registry, coordinator, stranger, members } = await loadFixture(consortium);
    expect(await registry.isActiveMember(members[0].address)).to.equal(true);
    expect(await registry.isActiveMember(coordinator.address)).to.equal(false);
    expect(await registry.isActiveMember(stranger.address)).to.equal(false);
    expect(await registry.partyOf(members[0].address)).to.deep.equal([1n, 1n, hash(`key of ${members[0].address}`)]);
    expect(await registry.partyOf(coordinator.address)).to.deep.equal([2n, 1n, hash("key of the coordinator")]);
    expect(await registry.partyOf(stranger.address)).to.deep.equal([0n, 0n, ethers.ZeroHash]);
    expect(await registry.signingKeyHash(stranger.address)).to.equal(ethers.ZeroHash);
  });

  it("has no member beyond the last", async () => {
    const { registry } = await loadFixture(consortium);
    await expect(registry.memberAt(MEMBERS)).to.be.revertedWithPanic(0x32);
  });

  it("tells of its founding and of every party in events", async () => {
    const registry = await found();
    const deployment = registry.deploymentTransaction();
    await expect(deployment).to.emit(registry, "ConsortiumFounded").withArgs(hash("f"), hash("a"), c, 2);
    await expect(deployment).to.emit(registry, "PartyAdmitted").withArgs(c, 2, key);
    await expect(deployment).to.emit(registry, "PartyAdmitted").withArgs(a, 1, key);
    await expect(deployment).to.emit(registry, "PartyAdmitted").withArgs(b, 1, key);
  });

  const refusals = [
    ["no federation", { federation: ethers.ZeroHash }, "ZeroHash"],
    ["no agreement", { agreement: ethers.ZeroHash }, "ZeroHash"],
    ["no members", { members: [], keys: [] }, "NoMembers"],
    ["a key too few", { keys: [key] }, "KeyCountMismatch"],
    ["a key too many", { keys: [key, key, key] }, "KeyCountMismatch"],
    ["the zero account as a member", { members: [a, ethers.ZeroAddress] }, "ZeroAccount"],
    ["the zero account as coordinator", { coordinator: ethers.ZeroAddress }, "ZeroAccount"],
    ["a member without a key", { keys: [key, ethers.ZeroHash] }, "ZeroHash"],
    ["a coordinator without a key", { own: ethers.ZeroHash }, "ZeroHash"],
    ["a member twice", { members: [a, a] }, "AccountRepeated"],
    ["a coordinator who is a member", { coordinator: a }, "AccountRepeated"],
  ];
  for (const [what, charter, error] of refusals) {
    it(`is not founded with ${what}`, async () => {
      const factory = await ethers.getContractFactory("ConsortiumRegistry");
      await expect(found(charter)).to.be.revertedWithCustomError(factory, error);
    });
  }
});
