const fs = require("fs");

module.exports = {
  // Unoptimized code needs the optimizer's stack allocation, else its stack is too deep.
  configureYulOptimizer: true,
  istanbulReporter: ["text", "json"],
  // A test run that leaves anything out has failed.
  onIstanbulComplete: () => {
    const files = Object.values(JSON.parse(fs.readFileSync("coverage/coverage-final.json", "utf8")));
    const hits = files.flatMap(({ s, f, b, l }) => [s, f, b, l].flatMap(Object.values).flat());
    if (hits.length === 0 || hits.includes(0)) throw new Error("less than 100 % is covered");
  },
};
