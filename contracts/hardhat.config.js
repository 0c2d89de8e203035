const { subtask } = require("hardhat/config");
const { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } = require("hardhat/builtin-tasks/task-names");
require("@nomicfoundation/hardhat-ethers");
require("@nomicfoundation/hardhat-chai-matchers");
require("solidity-coverage");
const compiler = require("./scripts/compiler-settings");

// The compiler is the npm package, never a download.
subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async ({ solcVersion }, _hre, runSuper) => {
  if (solcVersion !== compiler.version) {
    return runSuper();
  }
  return {
    compilerPath: require.resolve("solc/soljson.js"),
    isSolcJs: true,
    version: solcVersion,
    longVersion: require("solc").version(),
  };
});

module.exports = {
  solidity: compiler,
  networks: { hardhat: { hardfork: "london", initialBaseFeePerGas: 0, gasPrice: 0 } },
  paths: { sources: "./src", tests: "./test", cache: "./cache", artifacts: "./artifacts-hardhat" },
};
