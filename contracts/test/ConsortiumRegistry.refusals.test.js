const { expect } = require("chai");
const { ethers } = require("hardhat");
const { loadFixture, time } = require("@nomicfoundation/hardhat-network-helpers");
const { now, consortium, RULES, Role } = require("./consortium");
const {
  Change, Status, signingKey, signature, digest, proposal, admit, suspend, reinstate, setRole, setKeys, submit, passed, enact,
  SIGNING_KEY_LENGTH, SIGNATURE_LENGTH, SEALING_KEY_LENGTH,
} = require("./proposals");

const bytes = (length) => `0x${"5a".repeat(length)}`;
const nobody = { address: ethers.ZeroAddress };

/** A consortium where the last member is suspended, and proposal 1 has passed. */
async function withSuspended() {
  const federation = await consortium(5);
  const suspended = federation.members[4];
  await enact(federation.registry, federation.members, suspend(suspended));
  const active = federation.members.slice(0, 4);
  await passed(federation.registry, active, admit(federation.stranger));
  return { ...federation, member: active[1], active, suspended };
}

describe("ConsortiumRegistry: who may do what", () => {
  // The error for each caller at each function; undefined where the call is taken.
  const proposing = (error) => ({ member: undefined, coordinator: error, regulator: error, stranger: error, suspended: error });
  const table = {
    "propose a suspension": [(f, by) => submit(f.registry, by, 2, suspend(f.members[2])), proposing("NotActiveMember")],
    "propose an admission": [(f, by) => submit(f.registry, by, 2, admit(ethers.Wallet.createRandom())), proposing("NotActiveMember")],
    "propose a reinstatement": [(f, by) => submit(f.registry, by, 2, reinstate(f.suspended)), proposing("NotActiveMember")],
    "propose a role": [(f, by) => submit(f.registry, by, 2, setRole(f.members[2], Role.Regulator)), proposing("NotActiveMember")],
    "propose another's keys": [(f, by) => submit(f.registry, by, 2, setKeys(f.members[2], "new")), proposing("NotActiveMember")],
    "propose its own keys": [(f, by) => submit(f.registry, by, 2, setKeys(by, "new")),
      { member: undefined, coordinator: undefined, regulator: undefined, stranger: "NotActiveMember", suspended: "NotActiveMember" }],
    "propose its own suspension": [(f, by) => submit(f.registry, by, 2, suspend(by)), proposing("NotActiveMember")],
    "propose its own reinstatement": [(f, by) => submit(f.registry, by, 2, reinstate(by)),
      { ...proposing("NotActiveMember"), member: "WrongStatus" }],
    vote: [async (f, by) => {
      await submit(f.registry, f.active[0], 2, suspend(f.members[3]));
      return f.registry.connect(by).vote(2, true, signature());
    }, proposing("NotActiveMember")],
    execute: [(f, by) => f.registry.connect(by).execute(1),
      { member: undefined, coordinator: undefined, regulator: undefined, stranger: "NotActiveParty", suspended: "NotActiveParty" }],
  };
  for (const [action, [take, errors]] of Object.entries(table)) {
    for (const [who, error] of Object.entries(errors)) {
      it(`a ${who} ${error === undefined ? "may" : "may not"} ${action}`, async () => {
        const federation = await loadFixture(withSuspended);
        const call = take(federation, federation[who]);
        if (error === undefined) await call;
        else if (error === "WrongStatus") await expect(call).to.be.revertedWithCustomError(federation.registry, error);
        else await expect(call).to.be.revertedWithCustomError(federation.registry, error).withArgs(federation[who].address);
      });
    }
  }
});

describe("ConsortiumRegistry: proposals that are refused", () => {
  const refusals = [
    ["no change", () => proposal(Change.None, nobody), "NotForThisChange", () => [Change.None]],
    ["no change, but a role", () => proposal(Change.None, nobody, { role: Role.Member }), "NotForThisChange", () => [Change.None]],
    ["an admission of the zero account", () => admit(nobody), "ZeroAccount"],
    ["an admission without a role", (f) => admit(f.stranger, Role.None), "NoRole"],
    ["an admission of a party", (f) => admit(f.regulator), "AccountRepeated", (f) => [f.regulator.address]],
    ["an admission of a suspended party", (f) => admit(f.suspended), "AccountRepeated", (f) => [f.suspended.address]],
    ["a second coordinator", (f) => admit(f.stranger, Role.Coordinator), "CoordinatorPresent", (f) => [f.coordinator.address]],
    ["a member as second coordinator", (f) => setRole(f.member, Role.Coordinator), "CoordinatorPresent", (f) => [f.coordinator.address]],
    ["an unknown party's suspension", (f) => suspend(f.stranger), "UnknownParty", (f) => [f.stranger.address]],
    ["an unknown party's reinstatement", (f) => reinstate(f.stranger), "UnknownParty", (f) => [f.stranger.address]],
    ["an unknown party's role", (f) => setRole(f.stranger, Role.Member), "UnknownParty", (f) => [f.stranger.address]],
    ["an unknown party's keys", (f) => setKeys(f.stranger, "new"), "UnknownParty", (f) => [f.stranger.address]],
    ["a suspension of a suspended party", (f) => suspend(f.suspended), "WrongStatus", (f) => [f.suspended.address, Status.Suspended]],
    ["a reinstatement of an active party", (f) => reinstate(f.member), "WrongStatus", (f) => [f.member.address, Status.Active]],
    ["a role for a suspended party", (f) => setRole(f.suspended, Role.Regulator), "WrongStatus",
      (f) => [f.suspended.address, Status.Suspended]],
    ["no role for a party", (f) => setRole(f.member, Role.None), "NoRole"],
    ["the role a party has", (f) => setRole(f.regulator, Role.Regulator), "NothingChanges", (f) => [f.regulator.address]],
    ...["suspend", "reinstate", "setKeys"].map((name) => [`a role with ${name}`, (f) => ({
      ...{ suspend: suspend(f.member), reinstate: reinstate(f.suspended), setKeys: setKeys(f.member, "new") }[name], role: Role.Member,
    }), "NotForThisChange", () => [Change[name[0].toUpperCase() + name.slice(1)]]]),
    ...["signingKey", "sealingKey"].flatMap((key) => [
      [`a ${key} with a suspension`, (f) => ({ ...suspend(f.member), [key]: "0x01" }), "NotForThisChange", () => [Change.Suspend]],
      [`a ${key} with a role`, (f) => ({ ...setRole(f.member, Role.Regulator), [key]: "0x01" }), "NotForThisChange", () => [Change.SetRole]],
    ]),
  ];
  for (const [what, make, error, args] of refusals) {
    it(`${what}`, async () => {
      const federation = await loadFixture(withSuspended);
      await expect(submit(federation.registry, federation.active[0], 2, make(federation)))
        .to.be.revertedWithCustomError(federation.registry, error).withArgs(...(args?.(federation) ?? []));
    });
  }

  it("names the next number only", async () => {
    const { registry, active } = await loadFixture(withSuspended);
    for (const number of [0n, 1n, 3n, 2n ** 64n - 1n]) {
      await expect(submit(registry, active[0], number, suspend(active[1])))
        .to.be.revertedWithCustomError(registry, "WrongProposalNumber").withArgs(number, 2);
    }
    await submit(registry, active[0], 2, suspend(active[1]));
    await expect(submit(registry, active[0], 2, suspend(active[1])))
      .to.be.revertedWithCustomError(registry, "WrongProposalNumber").withArgs(2, 3);
  });

  for (const [field, expected, lengths] of [
    ["signature", SIGNATURE_LENGTH, [0, 1, 3308, 3310]],
    ["signingKey", SIGNING_KEY_LENGTH, [0, 1, 1951, 1953]],
    ["sealingKey", SEALING_KEY_LENGTH, [1, 1183, 1185]],
  ]) {
    it(`a ${field} has ${expected} bytes`, async () => {
      const { registry, active, member, stranger } = await loadFixture(withSuspended);
      for (const make of [admit(stranger, Role.Member, "another"), setKeys(member, "new")]) {
        for (const length of lengths) {
          await expect(submit(registry, active[0], 2, { ...make, [field]: bytes(length) }))
            .to.be.revertedWithCustomError(registry, "WrongLength").withArgs(length, expected);
        }
      }
    });
  }

  it("a vote's signature has 3309 bytes", async () => {
    const { registry, active } = await loadFixture(withSuspended);
    await submit(registry, active[0], 2, suspend(active[1]));
    for (const length of [0, 1, 3308, 3310]) {
      await expect(registry.connect(active[0]).vote(2, true, bytes(length)))
        .to.be.revertedWithCustomError(registry, "WrongLength").withArgs(length, SIGNATURE_LENGTH);
    }
  });

  it("a signing key is used once, by whomever and ever", async () => {
    const { registry, active, member, suspended } = await loadFixture(withSuspended);
    const newcomer = ethers.Wallet.createRandom();
    await enact(registry, active, setKeys(member, "first"));
    await enact(registry, active, setKeys(member, "second"));
    await enact(registry, active, admit(newcomer, Role.Member, "newcomer"));
    const number = await registry.nextProposal();
    for (const [party, key] of [[member, "first"], [active[0], "first"], [active[0], "second"], [suspended, "second"], [member, "newcomer"]]) {
      await expect(submit(registry, active[0], number, setKeys(party, key)))
        .to.be.revertedWithCustomError(registry, "KeyRepeated").withArgs(digest(signingKey(key)));
    }
    await expect(submit(registry, active[0], number, admit(ethers.Wallet.createRandom(), Role.Regulator, "first")))
      .to.be.revertedWithCustomError(registry, "KeyRepeated").withArgs(digest(signingKey("first")));
    await expect(submit(registry, active[0], number, setKeys(member, "second")))
      .to.be.revertedWithCustomError(registry, "NothingChanges").withArgs(member.address);
  });

  it("the last member stays one", async () => {
    const { registry, members } = await loadFixture(consortium);
    const [last, ...others] = members;
    for (const other of others) {
      const active = members.filter((m) => !others.slice(0, others.indexOf(other)).includes(m));
      await enact(registry, active, suspend(other));
    }
    expect(await registry.activeMemberCount()).to.equal(1);
    for (const change of [suspend(last), setRole(last, Role.Regulator)]) {
      await expect(submit(registry, last, 3, change)).to.be.revertedWithCustomError(registry, "LastMember").withArgs(last.address);
    }
    await enact(registry, [last], reinstate(others[0]));
    await enact(registry, [last, others[0]], suspend(last));
    expect(await registry.activeMemberCount()).to.equal(1);
  });
});

describe("ConsortiumRegistry: proposals that came too late", () => {
  it("there is no vote on and no execution of a number not given yet", async () => {
    const { registry, members } = await loadFixture(consortium);
    for (const number of [0n, 1n, 2n ** 64n - 1n]) {
      await expect(registry.connect(members[0]).vote(number, true, signature()))
        .to.be.revertedWithCustomError(registry, "UnknownProposal").withArgs(number);
      await expect(registry.connect(members[0]).execute(number))
        .to.be.revertedWithCustomError(registry, "UnknownProposal").withArgs(number);
    }
  });

  it("nobody votes twice, the other way neither", async () => {
    const { registry, members } = await loadFixture(consortium);
    await submit(registry, members[0], 0, suspend(members[1]));
    await registry.connect(members[0]).vote(0, true, signature());
    for (const support of [true, false]) {
      await expect(registry.connect(members[0]).vote(0, support, signature("again")))
        .to.be.revertedWithCustomError(registry, "AlreadyVoted").withArgs(0, members[0].address);
    }
    expect(await registry.tally(0)).to.deep.equal([1n, 0n]);
  });

  it("an executed proposal takes no vote and no second execution", async () => {
    const { registry, members } = await loadFixture(consortium);
    await enact(registry, members.slice(0, 3), suspend(members[1]));
    await expect(registry.connect(members[3]).vote(0, true, signature()))
      .to.be.revertedWithCustomError(registry, "AlreadyExecuted").withArgs(0);
    await expect(registry.connect(members[0]).execute(0)).to.be.revertedWithCustomError(registry, "AlreadyExecuted").withArgs(0);
    await enact(registry, [members[0], members[2], members[3]], reinstate(members[1]));
    await expect(registry.connect(members[0]).execute(0)).to.be.revertedWithCustomError(registry, "AlreadyExecuted").withArgs(0);
    expect(await registry.version()).to.equal(2);
  });

  it("votes and executions are taken in the last second and not in the next", async () => {
    const { registry, members } = await loadFixture(consortium);
    const [a, b, c, d] = members;
    await submit(registry, a, 0, suspend(d));
    const expires = (await now()) + RULES.votingPeriod;
    await registry.connect(a).vote(0, true, signature());
    await registry.connect(b).vote(0, true, signature());
    await time.setNextBlockTimestamp(expires);
    await ethers.provider.send("evm_setAutomine", [false]);
    const vote = await registry.connect(c).vote(0, true, signature(), { gasLimit: 5_000_000 });
    const execution = await registry.connect(a).execute(0, { gasLimit: 5_000_000 });
    await ethers.provider.send("evm_mine");
    await ethers.provider.send("evm_setAutomine", [true]);
    await expect(vote).to.emit(registry, "VoteCast");
    await expect(execution).to.emit(registry, "ProposalExecuted").withArgs(0, a.address, 3, 0, 4, 1);
    expect((await ethers.provider.getBlock(execution.blockNumber)).timestamp).to.equal(expires);
  });

  it("a proposal that has its votes is dead a second after the last", async () => {
    const { registry, members } = await loadFixture(consortium);
    await passed(registry, members.slice(0, 3), suspend(members[0]));
    const { expires } = await registry.proposalOf(0);
    await time.setNextBlockTimestamp(expires + 1n);
    await expect(registry.connect(members[3]).vote(0, true, signature()))
      .to.be.revertedWithCustomError(registry, "Expired").withArgs(expires, expires + 1n);
    await time.setNextBlockTimestamp(expires + 2n);
    await expect(registry.connect(members[0]).execute(0))
      .to.be.revertedWithCustomError(registry, "Expired").withArgs(expires, expires + 2n);
    await enact(registry, members.slice(0, 3), suspend(members[0]));
  });

  // Both proposals were right when they were made; the first execution leaves no room for the second.
  const rivals = [
    ["admissions of one account", (f) => [admit(f.stranger, Role.Member, "one"), admit(f.stranger, Role.Regulator, "two")], "AccountRepeated",
      (f) => [f.stranger.address]],
    ["accounts with one signing key", (f) => [admit(f.stranger, Role.Member, "key"), admit(ethers.Wallet.createRandom(), Role.Member, "key")],
      "KeyRepeated", () => [digest(signingKey("key"))]],
    ["parties changing to one signing key", (f) => [setKeys(f.members[0], "key"), setKeys(f.members[1], "key")], "KeyRepeated",
      () => [digest(signingKey("key"))]],
    ["the same keys for one party", (f) => [setKeys(f.members[0], "key"), setKeys(f.members[0], "key")], "NothingChanges",
      (f) => [f.members[0].address]],
    ["suspensions of one party", (f) => [suspend(f.members[3]), suspend(f.members[3])], "WrongStatus",
      (f) => [f.members[3].address, Status.Suspended]],
    ["a suspension and a role", (f) => [suspend(f.members[3]), setRole(f.members[3], Role.Regulator)], "WrongStatus",
      (f) => [f.members[3].address, Status.Suspended]],
    ["the same role for one party", (f) => [setRole(f.regulator, Role.Member), setRole(f.regulator, Role.Member)], "NothingChanges",
      (f) => [f.regulator.address]],
  ];
  for (const [what, make, error, args] of rivals) {
    it(`of two proposals (${what}) one is executed`, async () => {
      const federation = await loadFixture(consortium);
      const { registry, members, regulator } = federation;
      for (const p of make(federation)) await passed(registry, members, p);
      await registry.connect(regulator).execute(0);
      await expect(registry.connect(regulator).execute(1)).to.be.revertedWithCustomError(registry, error).withArgs(...args(federation));
      expect((await registry.proposalOf(1)).executed).to.equal(false);
      expect(await registry.version()).to.equal(1);
    });
  }

  for (const [what, rival] of [
    ["admission", (f) => admit(f.stranger, Role.Coordinator)],
    ["role", (f) => setRole(f.members[3], Role.Coordinator)],
  ]) {
    it(`the suspended coordinator is not reinstated where another came in by ${what}, nor the other way round`, async () => {
      const federation = await loadFixture(consortium);
      const { registry, members, coordinator } = federation;
      await enact(registry, members, suspend(coordinator));
      await passed(registry, members, reinstate(coordinator));
      const rivalNumber = await passed(registry, members, rival(federation));
      const before = await ethers.provider.send("evm_snapshot");
      for (const [first, second] of [[rivalNumber, 1n], [1n, rivalNumber]]) {
        await registry.connect(members[0]).execute(first);
        const taken = await registry.coordinator();
        await expect(registry.connect(members[0]).execute(second))
          .to.be.revertedWithCustomError(registry, "CoordinatorPresent").withArgs(taken);
        if (first === rivalNumber) await ethers.provider.send("evm_revert", [before]);
      }
    });
  }

  it("of two suspensions of the last two members one is executed", async () => {
    const { registry, members } = await loadFixture(consortium);
    const [a, b, c, d] = members;
    await enact(registry, members, suspend(c));
    await enact(registry, [a, b, d], suspend(d));
    const first = await passed(registry, [a, b], suspend(a));
    const second = await passed(registry, [a, b], suspend(b));
    await registry.connect(a).execute(first);
    await expect(registry.connect(b).execute(second)).to.be.revertedWithCustomError(registry, "LastMember").withArgs(b.address);
  });
});
