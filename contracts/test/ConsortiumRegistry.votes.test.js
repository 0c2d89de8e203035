const { expect } = require("chai");
const { ethers } = require("hardhat");
const { loadFixture } = require("@nomicfoundation/hardhat-network-helpers");
const { founder, found, consortium, RULES, Role } = require("./consortium");
const { admit, suspend, reinstate, setRole, setKeys, signature, submit, passed, enact } = require("./proposals");

/** A registry of n members and no one else. */
async function founded(size, quorumPercent, thresholdPercent) {
  const members = (await ethers.getSigners()).slice(0, size);
  const rules = { ...RULES, quorumPercent, thresholdPercent };
  return { members, registry: await found(members.map((m) => founder(m.address, Role.Member)), rules) };
}

/** What the agreement says, in whole numbers: at least the quorum of the active members voted, more than the threshold voted yes. */
const verdict = (yes, no, active, quorum, threshold) => {
  if (100 * (yes + no) < active * quorum) return ["QuorumMissed", yes + no, active];
  return 100 * yes <= active * threshold ? ["ThresholdMissed", yes, active] : undefined;
};

const cast = (registry, member, number, support) => registry.connect(member).vote(number, support, signature(member.address));

async function expectVerdict(registry, caller, number, missed) {
  const execution = registry.connect(caller).execute.staticCall(number);
  if (missed === undefined) await execution;
  else await expect(execution).to.be.revertedWithCustomError(registry, missed[0]).withArgs(...missed.slice(1));
}

describe("ConsortiumRegistry: quorum and threshold", () => {
  const rules = [[50, 66], [100, 50], [1, 99], [67, 50]];
  for (const size of [1, 2, 3, 5]) {
    for (const [quorum, threshold] of rules) {
      it(`hold for every count of yes and no of ${size}, quorum ${quorum} %, threshold ${threshold} %`, async () => {
        const { registry, members } = await founded(size, quorum, threshold);
        for (let most = 0; most <= size; most++) {
          await submit(registry, members[0], most, setKeys(members[0], `${most}`));
          for (let votes = 0; votes <= size; votes++) {
            if (votes > 0) await cast(registry, members[votes - 1], most, votes <= most);
            const yes = Math.min(votes, most);
            expect(await registry.tally(most)).to.deep.equal([BigInt(yes), BigInt(votes - yes)]);
            await expectVerdict(registry, members[0], most, verdict(yes, votes - yes, size, quorum, threshold));
          }
        }
      });
    }
  }

  // Written out, so that the rule above is not the only witness: the least votes, and the least yes, of 4, 10 and 20.
  const edges = [
    [4, 50, 50, 2, 3], [4, 75, 74, 3, 3], [4, 75, 75, 3, 4], [4, 76, 50, 4, 3], [10, 50, 66, 5, 7], [10, 100, 99, 10, 10],
    [10, 61, 50, 7, 6], [20, 95, 50, 19, 11], [20, 96, 65, 20, 14], [20, 1, 66, 1, 14],
  ];
  for (const [size, quorum, threshold, leastVotes, leastYes] of edges) {
    it(`of ${size} at ${quorum} % and ${threshold} %, ${leastVotes} must vote and ${leastYes} agree`, async () => {
      const { registry, members } = await founded(size, quorum, threshold);
      await submit(registry, members[0], 0, setKeys(members[0], "quorum"));
      for (let i = 0; i < leastVotes - 1; i++) await cast(registry, members[i], 0, true);
      await expectVerdict(registry, members[0], 0, ["QuorumMissed", leastVotes - 1, size]);
      const refusals = Math.max(0, leastVotes - leastYes);
      await submit(registry, members[0], 1, setKeys(members[0], "threshold"));
      for (let i = 0; i < refusals; i++) await cast(registry, members[i], 1, false);
      for (let i = 0; i < leastYes - 1; i++) await cast(registry, members[refusals + i], 1, true);
      await expectVerdict(registry, members[0], 1,
        refusals + leastYes > leastVotes ? ["ThresholdMissed", leastYes - 1, size] : ["QuorumMissed", leastVotes - 1, size]);
      await cast(registry, members[refusals + leastYes - 1], 1, true);
      await expect(registry.connect(members[0]).execute(1)).to.emit(registry, "ProposalExecuted")
        .withArgs(1, members[0].address, leastYes, refusals, size, 1);
    });
  }

  it("an abstention is no agreement: two of three yes are not two of four", async () => {
    const { registry, members } = await loadFixture(consortium);
    await passed(registry, members.slice(0, 2), suspend(members[3]));
    await expectVerdict(registry, members[0], 0, ["ThresholdMissed", 2, 4]);
  });

  it("are asked of the members that are active at the execution, not at the proposal", async () => {
    const { registry, members, stranger } = await loadFixture(consortium);
    const two = await passed(registry, members.slice(0, 2), setKeys(members[0], "new"));
    const three = await passed(registry, members.slice(0, 3), setKeys(members[1], "new"));
    await enact(registry, members, admit(stranger));
    await expectVerdict(registry, members[0], three, ["ThresholdMissed", 3, 5]);
    await enact(registry, members, suspend(stranger));
    await enact(registry, members, suspend(members[3]));
    await expectVerdict(registry, members[0], two, undefined);
    await registry.connect(members[0]).execute(three);
  });

  it("a member admitted after the proposal votes on it", async () => {
    const { registry, members, stranger } = await loadFixture(consortium);
    const number = await passed(registry, members.slice(0, 3), suspend(members[3]));
    await enact(registry, members, admit(stranger));
    await expectVerdict(registry, members[0], number, ["ThresholdMissed", 3, 5]);
    await cast(registry, stranger, number, true);
    await registry.connect(members[0]).execute(number);
  });
});

describe("ConsortiumRegistry: a vote lives as long as its voter's membership", () => {
  // Three yes and a no; one of each may leave while the other voters bring that about.
  async function voted() {
    const federation = await consortium(6);
    const { registry, members } = federation;
    await submit(registry, members[0], 0, setKeys(members[0], "new"));
    for (const [i, support] of [true, true, true, false].entries()) await cast(registry, members[i], 0, support);
    expect(await registry.tally(0)).to.deep.equal([3n, 1n]);
    return { ...federation, yes: members[2], no: members[3], voters: [0, 1, 4, 5].map((i) => members[i]) };
  }

  it("dies when the voter is suspended, yes or no", async () => {
    const { registry, voters, yes, no, members } = await loadFixture(voted);
    await enact(registry, [...voters, yes], suspend(no));
    expect(await registry.tally(0)).to.deep.equal([3n, 0n]);
    await enact(registry, voters, suspend(yes));
    expect(await registry.tally(0)).to.deep.equal([2n, 0n]);
    await expectVerdict(registry, members[0], 0, ["ThresholdMissed", 2, 4]);
  });

  it("stays dead when the voter is reinstated, who cannot vote again", async () => {
    const { registry, voters, yes } = await loadFixture(voted);
    await enact(registry, [...voters, yes], suspend(yes));
    await enact(registry, voters, reinstate(yes));
    expect(await registry.tally(0)).to.deep.equal([2n, 1n]);
    await expect(cast(registry, yes, 0, true)).to.be.revertedWithCustomError(registry, "AlreadyVoted").withArgs(0, yes.address);
  });

  for (const role of [Role.Regulator, Role.Coordinator]) {
    it(`dies when the voter becomes ${role === Role.Regulator ? "a regulator" : "the coordinator"}, and stays dead`, async () => {
      const { registry, members, coordinator, voters, yes } = await loadFixture(voted);
      await enact(registry, members, suspend(coordinator));
      await enact(registry, [...voters, yes], setRole(yes, role));
      expect(await registry.tally(0)).to.deep.equal([2n, 1n]);
      await enact(registry, voters, setRole(yes, Role.Member));
      expect(await registry.tally(0)).to.deep.equal([2n, 1n]);
      await expect(cast(registry, yes, 0, true)).to.be.revertedWithCustomError(registry, "AlreadyVoted");
    });
  }

  it("lives through other changes: new keys of its voter, admissions, suspensions of others", async () => {
    const { registry, members, stranger, regulator, yes } = await loadFixture(voted);
    await enact(registry, members, setKeys(yes, "newer"));
    await enact(registry, members, admit(stranger));
    await enact(registry, members, suspend(members[5]));
    await enact(registry, members.slice(0, 5), suspend(regulator));
    expect(await registry.tally(0)).to.deep.equal([3n, 1n]);
  });

  it("of one reinstated before it voted, counts", async () => {
    const { registry, voters, yes, no } = await loadFixture(voted);
    await enact(registry, [...voters, yes], suspend(no));
    await enact(registry, [...voters, yes], reinstate(no));
    const number = await passed(registry, [no], suspend(yes));
    expect(await registry.tally(number)).to.deep.equal([1n, 0n]);
  });

  it("of the suspended proposer dies, the proposal lives", async () => {
    const { registry, members } = await loadFixture(voted);
    const [a, b, c, d, e, f] = members;
    const number = await passed(registry, [f, a, b, c, d, e], setKeys(f, "new"));
    await enact(registry, [a, b, c, d, e], suspend(f));
    expect(await registry.tally(number)).to.deep.equal([5n, 0n]);
    await registry.connect(a).execute(number);
  });
});

describe("ConsortiumRegistry: a vote is about a party as it was", () => {
  it("a second suspension does not undo a reinstatement, nor a second reinstatement a suspension", async () => {
    const { registry, members, regulator } = await loadFixture(consortium);
    const [a, b, c, d] = members;
    const suspensions = [await passed(registry, [a, b, c], suspend(d)), await passed(registry, [a, b, c], suspend(d))];
    await registry.connect(a).execute(suspensions[0]);
    const reinstatements = [await passed(registry, [a, b, c], reinstate(d)), await passed(registry, [a, b, c], reinstate(d))];
    await registry.connect(a).execute(reinstatements[0]);
    expect(await registry.tally(suspensions[1])).to.deep.equal([0n, 0n]);
    await expect(registry.connect(regulator).execute(suspensions[1]))
      .to.be.revertedWithCustomError(registry, "QuorumMissed").withArgs(0, 4);
    await enact(registry, [a, b, c], suspend(d));
    await expect(registry.connect(regulator).execute(reinstatements[1]))
      .to.be.revertedWithCustomError(registry, "QuorumMissed").withArgs(0, 3);
  });

  it("a role voted for before the party had another is voted for again, by new votes only", async () => {
    const { registry, members, regulator } = await loadFixture(consortium);
    const [a, b, c, d] = members;
    const first = await passed(registry, [a, b], setRole(d, Role.Regulator));
    const twice = [first, await passed(registry, [a, b, c], setRole(d, Role.Regulator))];
    await registry.connect(a).execute(twice[1]);
    await enact(registry, [a, b, c], setRole(d, Role.Member));
    expect(await registry.tally(twice[0])).to.deep.equal([0n, 0n]);
    await cast(registry, c, twice[0], true);
    expect(await registry.tally(twice[0])).to.deep.equal([1n, 0n]);
    await expectVerdict(registry, regulator, twice[0], ["QuorumMissed", 1, 4]);
  });

  it("the votes of an executed proposal stay readable", async () => {
    const { registry, members, stranger } = await loadFixture(consortium);
    await enact(registry, members, admit(stranger));
    expect(await registry.tally(0)).to.deep.equal([4n, 0n]);
  });
});
