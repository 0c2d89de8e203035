// One place for what decides the bytecode: Hardhat's tests and the committed artifacts must come from the same settings.
// bytecodeHash none: a comment in a source must not change the bytecode.
module.exports = {
  version: "0.8.37",
  settings: {
    evmVersion: "london",
    optimizer: { enabled: true, runs: 200 },
    metadata: { bytecodeHash: "none" },
  },
};
