const { expect } = require("chai");
const { ethers } = require("hardhat");
const { loadFixture } = require("@nomicfoundation/hardhat-network-helpers");
const { hash, founder, found, consortium, MEMBERS, RULES, Role } = require("./consortium");

const a = ethers.getAddress("0x00000000000000000000000000000000000000a1");
const b = ethers.getAddress("0x00000000000000000000000000000000000000b2");
const c = ethers.getAddress("0x00000000000000000000000000000000000000c3");
const zero = ethers.ZeroHash;
const founders = [founder(c, Role.Coordinator), founder(a, Role.Member), founder(b, Role.Member)];
const ruled = (rules) => [RULES.quorumPercent, RULES.thresholdPercent, RULES.votingPeriod]
  .map((usual, i) => BigInt(rules[i] ?? usual));

describe("ConsortiumRegistry: the founding", () => {
  it("keeps the charter it was founded with", async () => {
    const { registry, coordinator, regulator, members } = await loadFixture(consortium);
    expect(await registry.federationId()).to.equal(hash("federation"));
    expect(await registry.agreementHash()).to.equal(hash("agreement"));
    expect(await registry.quorumPercent()).to.equal(RULES.quorumPercent);
    expect(await registry.thresholdPercent()).to.equal(RULES.thresholdPercent);
    expect(await registry.votingPeriod()).to.equal(RULES.votingPeriod);
    expect(await registry.coordinator()).to.equal(coordinator.address);
    expect(await registry.activeMemberCount()).to.equal(MEMBERS);
    expect(await registry.version()).to.equal(0);
    expect(await registry.nextProposal()).to.equal(0);
    const accounts = [coordinator, ...members, regulator].map((signer) => signer.address);
    expect(await registry.partyCount()).to.equal(accounts.length);
    for (const [i, account] of accounts.entries()) expect(await registry.accountAt(i)).to.equal(account);
  });

  it("tells member, coordinator, regulator and stranger apart", async () => {
    const { registry, coordinator, regulator, stranger, members } = await loadFixture(consortium);
    for (const [signer, role] of [[members[0], Role.Member], [coordinator, Role.Coordinator], [regulator, Role.Regulator]]) {
      expect(await registry.partyOf(signer.address))
        .to.deep.equal([role, 1n, 0n, hash(`key of ${signer.address}`), hash(`sealing key of ${signer.address}`)]);
      expect(await registry.membership(signer.address)).to.deep.equal([role === Role.Member, 0n]);
    }
    expect(await registry.partyOf(stranger.address)).to.deep.equal([0n, 0n, 0n, zero, zero]);
    expect(await registry.membership(stranger.address)).to.deep.equal([false, 0n]);
  });

  it("states the sizes of FIPS 203 and FIPS 204 and the bound of parties", async () => {
    const { registry } = await loadFixture(consortium);
    expect(await registry.SIGNING_KEY_LENGTH()).to.equal(1952);
    expect(await registry.SIGNATURE_LENGTH()).to.equal(3309);
    expect(await registry.SEALING_KEY_LENGTH()).to.equal(1184);
    expect(await registry.MAX_PARTIES()).to.equal(1024);
  });

  it("has no party beyond the last and no proposal before the first", async () => {
    const { registry } = await loadFixture(consortium);
    await expect(registry.accountAt(MEMBERS + 2)).to.be.revertedWithPanic(0x32);
    expect(await registry.proposalOf(0)).to.deep.equal([0n, 0n, false, 0n, ethers.ZeroAddress, ethers.ZeroAddress, zero, zero]);
    expect(await registry.tally(0)).to.deep.equal([0n, 0n]);
  });

  it("tells of its founding and of every party in events", async () => {
    const registry = await found(founders);
    const deployment = registry.deploymentTransaction();
    await expect(deployment).to.emit(registry, "ConsortiumFounded").withArgs(hash("federation"), hash("agreement"), 3, ruled([]));
    for (const { account, role, signingKeyHash, sealingKeyHash } of founders) {
      await expect(deployment).to.emit(registry, "PartyAdmitted").withArgs(account, role, signingKeyHash, sealingKeyHash, 0);
    }
  });

  for (const [what, parties] of [
    ["no coordinator", founders.slice(1)],
    ["one member only", [founders[1]]],
    ["a party that has no sealing key", [{ ...founders[1], sealingKeyHash: zero }]],
    ["one sealing key for two", [founders[1], { ...founders[2], sealingKeyHash: founders[1].sealingKeyHash }]],
  ]) {
    it(`may be founded with ${what}`, async () => {
      const registry = await found(parties);
      expect(await registry.partyCount()).to.equal(parties.length);
      expect(await registry.coordinator()).to.equal(ethers.ZeroAddress);
    });
  }

  for (const rules of [[1], [100], [undefined, 50], [undefined, 99], [undefined, undefined, 3600], [undefined, undefined, 365 * 86400]]) {
    it(`may be founded with the rules ${ruled(rules)}`, async () => {
      const registry = await found(founders, ruled(rules));
      expect([await registry.quorumPercent(), await registry.thresholdPercent(), await registry.votingPeriod()])
        .to.deep.equal(ruled(rules));
    });
  }

  for (const rules of [
    [0], [101], [255], [undefined, 49], [undefined, 0], [undefined, 100],
    [undefined, undefined, 3599], [undefined, undefined, 0], [undefined, undefined, 365 * 86400 + 1],
  ]) {
    it(`is not founded with the rules ${ruled(rules)}`, async () => {
      const factory = await ethers.getContractFactory("ConsortiumRegistry");
      await expect(found(founders, ruled(rules)))
        .to.be.revertedWithCustomError(factory, "RulesOutOfRange").withArgs(ruled(rules));
    });
  }

  const [coordinator, first, second] = founders;
  const refusals = [
    ["no party", [], "NoMembers", []],
    ["no member", [coordinator, founder(a, Role.Regulator)], "NoMembers", []],
    ["the zero account", [first, founder(ethers.ZeroAddress, Role.Member)], "ZeroAccount", []],
    ["a party without a role", [first, founder(b, Role.None)], "NoRole", []],
    ["a party without a signing key", [first, { ...second, signingKeyHash: zero }], "ZeroHash", []],
    ["a member twice", [first, { ...first, signingKeyHash: hash("other") }], "AccountRepeated", [a]],
    ["a coordinator who is a member", [coordinator, first, founder(c, Role.Member, "other")], "AccountRepeated", [c]],
    ["one signing key for two", [first, { ...second, signingKeyHash: first.signingKeyHash }], "KeyRepeated", [first.signingKeyHash]],
    ["two coordinators", [coordinator, first, founder(b, Role.Coordinator)], "CoordinatorPresent", [c]],
  ];
  for (const [what, parties, error, args] of refusals) {
    it(`is not founded with ${what}`, async () => {
      const factory = await ethers.getContractFactory("ConsortiumRegistry");
      await expect(found(parties)).to.be.revertedWithCustomError(factory, error).withArgs(...args);
    });
  }

  for (const [federation, agreement] of [[zero, hash("a")], [hash("f"), zero]]) {
    it(`is not founded without ${federation === zero ? "a federation" : "an agreement"}`, async () => {
      const factory = await ethers.getContractFactory("ConsortiumRegistry");
      await expect(factory.deploy(federation, agreement, founders, RULES)).to.be.revertedWithCustomError(factory, "ZeroHash");
    });
  }
});
