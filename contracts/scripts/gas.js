// Measures what each call costs and prints a table: npx hardhat run scripts/gas.js
const { ethers, network } = require("hardhat");
const { hash, ascending, founder, found, Role, INITIAL_MODEL, SIGNATURE, now } = require("../test/consortium");
const { admit, suspend, reinstate, setRole, setKeys, signature, submit } = require("../test/proposals");

const DAY = 86_400;
const rules = { quorumPercent: 50, thresholdPercent: 66, votingPeriod: DAY };
const used = async (tx) => Number((await (await tx).wait()).gasUsed);
const needed = (size) => Math.floor((size * rules.thresholdPercent) / 100) + 1;

async function accounts(from, count) {
  const numbered = Array.from({ length: count }, (_, i) => ethers.getAddress(ethers.dataSlice(hash(`account ${from + i}`), 12)));
  return Promise.all(numbered.map((account) => ethers.getImpersonatedSigner(account)));
}

/** A column of the table: what each call costs where there are so many members. */
async function measure(size) {
  const gas = {};
  const [coordinator] = await ethers.getSigners();
  const everyone = ascending(await accounts(0, size));
  const [newcomer] = await accounts(size, 1);
  const founders = [founder(coordinator.address, Role.Coordinator), ...everyone.map((m) => founder(m.address, Role.Member))];
  const registry = await found(founders, rules);
  gas["deploy registry"] = await used(registry.deploymentTransaction());
  const ledger = await ethers.deployContract("RoundLedger", [registry.target, INITIAL_MODEL]);
  gas["deploy rounds"] = await used(ledger.deploymentTransaction());

  const voters = everyone.slice(0, needed(size));
  async function enact(name, proposal) {
    const number = await registry.nextProposal();
    gas[`propose ${name}`] = await used(submit(registry, voters[0], number, proposal));
    for (const [i, voter] of voters.entries()) {
      const cost = await used(registry.connect(voter).vote(number, true, signature(voter.address)));
      gas[i === 0 ? "vote, first of a proposal" : "vote, later"] = cost;
    }
    gas.tally ??= Number(await registry.tally.estimateGas(number));
    gas[`execute ${name}`] = await used(registry.connect(voters[0]).execute(number));
  }

  const commitAll = async (round, members) => {
    for (const member of members) {
      gas.commitUpdate = await used(ledger.connect(member).commitUpdate(round, hash(member.address), SIGNATURE));
    }
  };
  const open = async (round, model, least = 3) =>
    used(ledger.openRound(round, hash("plan"), model, (await now()) + DAY, least, SIGNATURE));
  const close = (round) => used(ledger.closeRound(round, everyone.map((m) => m.address), [], [], hash("set"), SIGNATURE));

  gas["openRound, first"] = await open(0, INITIAL_MODEL);
  await commitAll(0, everyone);
  gas["freezeCommitments"] = await used(ledger.freezeCommitments(0, []));
  gas.closeRound = await close(0);
  gas.finalizeRound = await used(ledger.finalizeRound(0, hash("transcript"), hash("model"), hash("metadata"), SIGNATURE));
  gas.attest = await used(ledger.connect(everyone[0]).attest(0, hash("model"), SIGNATURE));
  gas.dispute = await used(ledger.connect(everyone[0]).dispute(0, hash("evidence"), SIGNATURE));
  gas["openRound, later"] = await open(1, hash("model"));
  gas.reportLink = await used(ledger.connect(everyone[0]).reportLink(1, 1, hash("report"), SIGNATURE));
  await commitAll(1, everyone);
  await ledger.freezeCommitments(1, []);
  await close(1);
  gas.failRound = await used(ledger.failRound(1, hash("transcript"), SIGNATURE));
  await open(2, hash("model"));
  gas.abandonRound = await used(ledger.abandonRound(2, 1, SIGNATURE));
  gas.recordCeremony = await used(ledger.recordCeremony(1, hash("minutes"), SIGNATURE));

  await open(3, hash("model"));
  await enact("Admit", admit(newcomer, Role.Regulator));
  await enact("SetKeys", setKeys(newcomer, "new"));
  await enact("Suspend", suspend(newcomer));
  await enact("Reinstate", reinstate(newcomer));
  await enact("SetRole", setRole(newcomer, Role.Member));
  await commitAll(3, everyone);
  const active = ascending([...everyone, newcomer]).map((m) => m.address);
  gas["freezeCommitments, witness list"] = await used(ledger.freezeCommitments(3, active));
  return gas;
}

const foundingOf = async (size, gasLimit) => {
  const founders = Array.from({ length: size }, (_, i) => founder(ethers.dataSlice(hash(`founder ${i}`), 12), Role.Member));
  return used((await found(founders, rules, { gasLimit })).deploymentTransaction());
};

/** The most founders whose deployment takes no more than so much gas: the cost is linear to within calldata zeros. */
async function foundersWithin(limit) {
  const [few, many] = [await foundingOf(50, 500_000_000), await foundingOf(150, 500_000_000)];
  let size = Math.floor(50 + ((limit - few) * 100) / (many - few));
  while ((await foundingOf(size + 1, 500_000_000)) <= limit) size++;
  while ((await foundingOf(size, 500_000_000)) > limit) size--;
  return size;
}

/** Counting as many votes as there can be parties, in one execution. */
async function countingAll() {
  const members = await accounts(10_000, 1024);
  const registry = await found(members.map((m) => founder(m.address, Role.Member)), rules, { gasLimit: 500_000_000 });
  await submit(registry, members[0], 0, setKeys(members[0], "new"));
  for (const member of members) await (await registry.connect(member).vote(0, true, signature(member.address))).wait();
  return { tally: Number(await registry.tally.estimateGas(0)), execute: await used(registry.connect(members[0]).execute(0)) };
}

async function main() {
  await network.provider.send("evm_setBlockGasLimit", ["0x1fffffff"]);
  const [few, many] = [await measure(4), await measure(100)];
  const rounded = (gas) => (Math.round(gas / 1000) * 1000).toLocaleString("en");
  console.log("| call | 4 members | 100 members |\n|---|---|---|");
  for (const [name, gas] of Object.entries(few)) console.log(`| ${name} | ${rounded(gas)} | ${rounded(many[name])} |`);
  console.log(`founders within 30,000,000 gas: ${await foundersWithin(30_000_000)}`);
  console.log(`founding of 1024: ${rounded(await foundingOf(1024, 500_000_000))}`);
  const { tally, execute } = await countingAll();
  console.log(`1024 votes: tally ${rounded(tally)}, execute ${rounded(execute)}`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
