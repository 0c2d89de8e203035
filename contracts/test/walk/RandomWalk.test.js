const { expect } = require("chai");
const { ethers, network } = require("hardhat");
const { now, founder, found, Phase, Role, RULES, INITIAL_MODEL } = require("../consortium");
const { Status } = require("../proposals");
const { RegistryModel } = require("./RegistryModel");
const { LedgerModel } = require("./LedgerModel");
const { Walker, weights } = require("./Walker");

const SEEDS = [1, 2, 3, 20260];
const CALLS = 300;
const rules = { ...RULES, quorumPercent: 40, thresholdPercent: 50, votingPeriod: 3600 };
const refusalName = (contract, error) => {
  if (typeof error.data !== "string" && typeof error.data?.data !== "string") throw error;
  const parsed = contract.interface.parseError(error.data.data ?? error.data);
  if (parsed === null) throw error;
  return parsed.name;
};

describe("Random walks through both contracts", () => {
  const taken = new Map();
  const refused = new Set();

  for (const seed of SEEDS) {
    it(`agree with the model after each of ${CALLS} calls, seed ${seed}`, async function () {
      this.timeout(60_000);
      const walk = await begin(seed);
      for (let i = 0; i < CALLS; i++) {
        const { name, by, args, expected, actual, wasActive } = await takeStep(walk);
        expect(actual, `call ${i}, seed ${seed}: ${name} by ${by} with ${args.map((a) => `${a}`.slice(0, 80))}`).to.equal(expected);
        if (actual !== undefined) {
          refused.add(`${name}: ${actual}`);
          continue;
        }
        taken.set(name, (taken.get(name) ?? 0) + 1);
        expect(wasActive, `${by} was not active and took ${name}`).to.equal(true);
        await expectInvariants(walk, name, args);
      }
      await expectEvents(walk);
    });
  }

  it("took every step and met most refusals", () => {
    for (const name of Object.keys(weights)) expect(taken.get(name) ?? 0, name).to.be.greaterThan(0);
    expect(refused.size).to.be.greaterThan(60);
    expect([...refused]).to.include.members(
      ["commitUpdate: NotOfThisRound", "freezeCommitments: WitnessMissing", "execute: WrongStatus"]);
  });
});

async function begin(seed) {
  const accounts = (await ethers.getSigners()).slice(0, 14).map((signer) => signer.address);
  const roles = [Role.Coordinator, Role.Regulator, ...Array(6).fill(Role.Member)];
  const founders = roles.map((role, i) => founder(accounts[i], role));
  const registry = await found(founders, rules);
  const ledger = await ethers.deployContract("RoundLedger", [registry.target, INITIAL_MODEL]);
  const registryModel = new RegistryModel(founders, rules);
  const ledgerModel = new LedgerModel(registryModel, INITIAL_MODEL);
  const walker = new Walker(seed, accounts, registryModel, ledgerModel);
  return { accounts, registry, ledger, registryModel, ledgerModel, walker, time: await now(), phases: [] };
}

async function takeStep(walk) {
  walk.time += walk.walker.step(walk.time);
  const { name, by, args } = walk.walker.call(walk.time);
  const ofRegistry = ["propose", "vote", "execute"].includes(name);
  const contract = ofRegistry ? walk.registry : walk.ledger;
  const wasActive = (await walk.registry.partyOf(by)).status === Status.Active;
  const data = contract.interface.encodeFunctionData(name, args);
  await network.provider.send("evm_setNextBlockTimestamp", [walk.time]);
  let actual;
  try {
    await network.provider.send("eth_sendTransaction", [{ from: by, to: contract.target, data, gas: "0x7a1200" }]);
  } catch (error) {
    actual = refusalName(contract, error);
  }
  const expected = (ofRegistry ? walk.registryModel : walk.ledgerModel)[name](walk.time, by, ...args);
  return { name, by, args, expected, actual, wasActive };
}

async function expectInvariants({ accounts, registry, ledger, registryModel, ledgerModel, phases }, name, args) {
  const [version, proposals, members, coordinator] = await Promise.all(
    [registry.version(), registry.nextProposal(), registry.activeMemberCount(), registry.coordinator()]);
  expect(version).to.equal(registryModel.proposals.filter((p) => p.executed).length);
  expect(proposals).to.equal(registryModel.proposals.length);
  if (name === "execute") {
    const parties = await Promise.all(accounts.map((account) => registry.partyOf(account)));
    for (const [i, { role, status, since, signingKeyHash, sealingKeyHash }] of parties.entries()) {
      const p = registryModel.party(accounts[i]) ?? { role: 0n, status: 0n, since: 0, signing: ethers.ZeroHash, sealing: ethers.ZeroHash };
      expect([role, status, since, signingKeyHash, sealingKeyHash])
        .to.deep.equal([p.role, p.status, BigInt(p.since), p.signing, p.sealing]);
    }
    const active = (wanted) => accounts.filter((_, i) => parties[i].role === wanted && parties[i].status === Status.Active);
    expect(members).to.equal(active(Role.Member).length);
    expect(members).to.be.greaterThan(0n);
    expect(active(Role.Coordinator).length).to.be.lessThan(2);
    expect(coordinator).to.equal(active(Role.Coordinator)[0] ?? ethers.ZeroAddress);
    expect(await registry.partyCount()).to.equal(registryModel.parties.size);
  }
  if (["vote", "execute"].includes(name)) {
    for (let i = Math.max(0, registryModel.proposals.length - 3); i < registryModel.proposals.length; i++) {
      expect((await registry.tally(i)).map(Number)).to.deep.equal(registryModel.tally(i));
    }
  }
  if (["propose", "vote", "execute"].includes(name)) return;

  if (name !== "recordCeremony") {
    const block = Number(await network.provider.send("eth_blockNumber"));
    expect((await ledger.round(args[0])).lastBlock).to.equal(block);
  }
  const last = ledgerModel.rounds.length - 1;
  const [next, model, head] = await Promise.all([ledger.nextRound(), ledger.currentModelHash(), ledger.historyHead()]);
  expect(next).to.equal(last + 1);
  expect(model).to.equal(ledgerModel.model);
  expect(head).to.equal(ledgerModel.head);
  if (last < 0) return;
  const stored = await ledger.round(last);
  const round = ledgerModel.rounds[last];
  expect([stored.phase, Number(stored.committedCount), Number(stored.registryVersion), Number(stored.participantCount), Number(stored.abandonReason)])
    .to.deep.equal([round.phase, round.commitments.size, round.version, round.participants.length, round.reason]);
  expect([stored.planHash, stored.previousModelHash, stored.setHash, stored.transcriptRoot, stored.modelHash, stored.metadataHash])
    .to.deep.equal([round.plan, round.previous, round.set, round.transcript, round.model, round.metadata]);
  // A closed round was opened: it can only end as finalized or failed.
  if ([Phase.Closed, Phase.Finalized, Phase.Failed].includes(phases[last])) expect(stored.phase).to.be.oneOf([3n, 4n, 5n]);
  expect(stored.phase >= (phases[last] ?? Phase.Open)).to.equal(true);
  phases[last] = stored.phase;
}

/** Over the whole walk, from the chain alone: rounds without gaps, one event for each commitment, ended rounds that stay. */
async function expectEvents({ registry, ledger, ledgerModel, phases }) {
  const opened = await ledger.queryFilter(ledger.filters.RoundOpened());
  expect(opened.map(({ args }) => Number(args.roundId))).to.deep.equal(ledgerModel.rounds.map((_, i) => i));
  const committed = await ledger.queryFilter(ledger.filters.UpdateCommitted());
  for (const [number, round] of ledgerModel.rounds.entries()) {
    const { committedCount, phase } = await ledger.round(number);
    const events = committed.filter(({ args }) => Number(args.roundId) === number);
    expect(committedCount).to.equal(events.length);
    expect(new Set(events.map(({ args }) => args.member)).size).to.equal(events.length);
    for (const { args } of events) expect(await ledger.commitmentOf(number, args.member)).to.equal(round.commitments.get(args.member));
    expect(phase).to.equal(phases[number]);
  }
  const executed = await registry.queryFilter(registry.filters.ProposalExecuted());
  expect(executed.map(({ args }) => Number(args.version))).to.deep.equal(executed.map((_, i) => i + 1));
  expect(await registry.version()).to.equal(executed.length);
}
