// Proposals with arguments of the right lengths, and the way from a proposal to its change.
const { ethers } = require("hardhat");
const { hash, Role } = require("./consortium");

const Change = { None: 0n, Admit: 1n, Suspend: 2n, Reinstate: 3n, SetRole: 4n, SetKeys: 5n };
const Status = { None: 0n, Active: 1n, Suspended: 2n };
const SIGNING_KEY_LENGTH = 1952;
const SIGNATURE_LENGTH = 3309;
const SEALING_KEY_LENGTH = 1184;

/** Different bytes for different texts. */
const bytesOf = (text, length) => `0x${hash(text).slice(2).repeat(Math.ceil(length / 32)).slice(0, 2 * length)}`;
const signingKey = (name) => bytesOf(`signing key ${name}`, SIGNING_KEY_LENGTH);
const sealingKey = (name) => bytesOf(`sealing key ${name}`, SEALING_KEY_LENGTH);
const signature = (name = "somebody") => bytesOf(`signature ${name}`, SIGNATURE_LENGTH);
const digest = (bytes) => (bytes === "0x" ? ethers.ZeroHash : ethers.sha256(bytes));

const proposal = (change, { address }, more = {}) =>
  ({ change, account: address, role: Role.None, signingKey: "0x", sealingKey: "0x", signature: signature(), ...more });
const admit = (account, role = Role.Member, name = account.address) =>
  proposal(Change.Admit, account, { role, signingKey: signingKey(name), sealingKey: sealingKey(name) });
const suspend = (account) => proposal(Change.Suspend, account);
const reinstate = (account) => proposal(Change.Reinstate, account);
const setRole = (account, role) => proposal(Change.SetRole, account, { role });
const setKeys = (account, name) => proposal(Change.SetKeys, account, { signingKey: signingKey(name), sealingKey: sealingKey(name) });

const submit = (registry, by, number, p) =>
  registry.connect(by).propose(number, p.change, p.account, p.role, p.signingKey, p.sealingKey, p.signature);

/** Proposes and votes yes by each voter; the number. */
async function passed(registry, voters, p) {
  const number = await registry.nextProposal();
  await submit(registry, voters[0], number, p);
  for (const voter of voters) await registry.connect(voter).vote(number, true, signature(voter.address));
  return number;
}

/** Brings a change about by all the voters, and gives the transaction that executed it. */
async function enact(registry, voters, p) {
  const number = await passed(registry, voters, p);
  return registry.connect(voters[0]).execute(number);
}

module.exports = {
  Change, Status, bytesOf, signingKey, sealingKey, signature, digest, proposal, admit, suspend, reinstate, setRole, setKeys,
  submit, passed, enact, SIGNING_KEY_LENGTH, SIGNATURE_LENGTH, SEALING_KEY_LENGTH,
};
