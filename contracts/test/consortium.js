// Hardhat's usual fixtures: one consortium of four members, a coordinator and a regulator, and steps that bring a round to a phase.
const { ethers } = require("hardhat");

const MEMBERS = 4;
const hash = (text) => ethers.sha256(ethers.toUtf8Bytes(text));
const ascending = (signers) =>
  [...signers].sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));

const Phase = { None: 0n, Open: 1n, Frozen: 2n, Closed: 3n, Finalized: 4n, Failed: 5n, Abandoned: 6n };
const INITIAL_MODEL = hash("model 0");
const SIGNATURE = hash("signature");

const RULES = { quorumPercent: 50, thresholdPercent: 66, votingPeriod: 7 * 24 * 3600 };
const Role = { None: 0n, Member: 1n, Coordinator: 2n, Regulator: 3n };

const founder = (account, role, key = `key of ${account}`) =>
  ({ account, role, signingKeyHash: hash(key), sealingKeyHash: hash(`sealing ${key}`) });

function found(founders, rules = RULES, overrides = {}) {
  return ethers.deployContract("ConsortiumRegistry", [hash("federation"), hash("agreement"), founders, rules], overrides);
}

// The coordinator deploys, so it is the one that calls where nobody else is named.
async function consortium(size = MEMBERS) {
  const [coordinator, stranger, regulator, ...rest] = await ethers.getSigners();
  const members = ascending(rest.slice(0, size));
  const registry = await found([
    founder(coordinator.address, Role.Coordinator),
    ...members.map((member) => founder(member.address, Role.Member)),
    founder(regulator.address, Role.Regulator),
  ]);
  const ledger = await ethers.deployContract("RoundLedger", [registry.target, INITIAL_MODEL]);
  return { registry, ledger, coordinator, regulator, stranger, members };
}

async function now() {
  return (await ethers.provider.getBlock("latest")).timestamp;
}

async function opened(size = MEMBERS) {
  const federation = await consortium(size);
  const deadline = (await now()) + 600;
  await federation.ledger.openRound(0, hash("plan 0"), INITIAL_MODEL, deadline, 3, SIGNATURE);
  return { ...federation, deadline };
}

async function frozen(size = MEMBERS) {
  const federation = await opened(size);
  for (const member of federation.members) {
    await federation.ledger.connect(member).commitUpdate(0, hash(`update ${member.address}`), SIGNATURE);
  }
  await federation.ledger.freezeCommitments(0, []);
  return federation;
}

async function closed() {
  const federation = await frozen();
  await federation.ledger.closeRound(0, federation.members.map((member) => member.address), [], [], hash("set"), SIGNATURE);
  return federation;
}

async function finalized() {
  const federation = await closed();
  await federation.ledger.finalizeRound(0, hash("transcript"), hash("model 1"), hash("metadata"), SIGNATURE);
  return federation;
}

async function failed() {
  const federation = await closed();
  await federation.ledger.failRound(0, hash("transcript"), SIGNATURE);
  return federation;
}

async function abandoned() {
  const federation = await opened();
  await federation.ledger.abandonRound(0, 1, SIGNATURE);
  return federation;
}

module.exports = {
  hash, now, ascending, founder, found, consortium, opened, frozen, closed, finalized, failed, abandoned, Phase, Role, INITIAL_MODEL,
  SIGNATURE, MEMBERS, RULES,
};
