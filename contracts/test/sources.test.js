const { expect } = require("chai");
const { spawnSync } = require("child_process");
const path = require("path");

describe("The sources", () => {
  it("keep the linter's rules", function () {
    this.timeout(60_000);
    const solhint = path.join(path.dirname(require.resolve("solhint/package.json")), "solhint.js");
    const options = ["-c", "solhint.config.js", "--disc", "--noPoster", "--max-warnings", "0", "src/*.sol"];
    const where = { cwd: path.join(__dirname, ".."), encoding: "utf8" };
    const { status, stdout, stderr } = spawnSync(process.execPath, [solhint, ...options], where);
    expect(status, stdout + stderr).to.equal(0);
  });
});
