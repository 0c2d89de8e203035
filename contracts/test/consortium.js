// Hardhat's usual fixtures: one consortium of four members and a coordinator, and steps that bring a round to a phase.
const { ethers } = require("hardhat");

const MEMBERS = 4;
const hash = (text) => ethers.sha256(ethers.toUtf8Bytes(text));
const ascending = (signers) =>
  [...signers].sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));

const Phase = { None: 0n, Open: 1n, Frozen: 2n, Closed: 3n, Finalized: 4n, Failed: 5n, Abandoned: 6n };
const INITIAL_MODEL = hash("model 0");
const SIGNATURE = hash("signature");

async function consortium() {
  const [coordinator, stranger, ...rest] = await ethers.getSigners();
  const members = ascending(rest.slice(0, MEMBERS));
  const registry = await ethers.deployContract("ConsortiumRegistry", [
    hash("federation"),
    hash("agreement"),
    coordinator.address,
    members.map((member) => member.address),
    members.map((member) => hash(`key of ${member.address}`)),
    hash("key of the coordinator"),
  ]);
  const ledger = await ethers.deployContract("RoundLedger", [registry.target, INITIAL_MODEL]);
  return { registry, ledger, coordinator, stranger, members };
}

async function now() {
  return (await ethers.provider.getBlock("latest")).timestamp;
}

async function opened(minParticipants = 3) {
  const federation = await consortium();
  const deadline = (await now()) + 600;
  await federation.ledger.openRound(0, hash("plan 0"), INITIAL_MODEL, deadline, minParticipants, SIGNATURE);
  return { ...federation, deadline };
}

async function frozen() {
  const federation = await opened();
  for (const member of federation.members) {
    await federation.ledger.connect(member).commitUpdate(0, hash(`update ${member.address}`), SIGNATURE);
  }
  await federation.ledger.freezeCommitments(0);
  return federation;
}

async function closed() {
  const federation = await frozen();
  await federation.ledger.closeRound(0, federation.members.map((member) => member.address), [], [], hash("set"), SIGNATURE);
  return federation;
}

async function finalized() {
  const federation = await closed();
  await federation.ledger.finalizeRound(0, hash("transcript"), hash("model 1"), SIGNATURE);
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
  hash, now, consortium, opened, frozen, closed, finalized, failed, abandoned, Phase, INITIAL_MODEL, SIGNATURE, MEMBERS,
};
