// Compiles src/*.sol with the solc package and writes artifacts/*.json, or another folder's given as the only argument.
const fs = require("fs");
const path = require("path");
const solc = require("solc");
const compiler = require("./compiler-settings");

const root = path.join(__dirname, "..");
const target = path.resolve(process.argv[2] ?? path.join(root, "artifacts"));
if (!solc.version().startsWith(`${compiler.version}+`)) {
  throw new Error(`solc ${compiler.version} is needed, node_modules has ${solc.version()}`);
}

const names = fs.readdirSync(path.join(root, "src")).filter((name) => name.endsWith(".sol")).sort();
const sources = Object.fromEntries(
  names.map((name) => [`src/${name}`, { content: fs.readFileSync(path.join(root, "src", name), "utf8") }]),
);
const outputSelection = {
  "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object", "evm.deployedBytecode.immutableReferences"] },
};
const input = { language: "Solidity", sources, settings: { ...compiler.settings, outputSelection } };
const output = JSON.parse(solc.compile(JSON.stringify(input)));
if (output.errors?.length) {
  throw new Error(output.errors.map((error) => error.formattedMessage).join("\n"));
}

fs.mkdirSync(target, { recursive: true });
for (const [sourceName, contracts] of Object.entries(output.contracts)) {
  for (const [contractName, contract] of Object.entries(contracts)) {
    const { bytecode, deployedBytecode } = contract.evm;
    const immutableReferences = Object.values(deployedBytecode.immutableReferences).flat().sort((a, b) => a.start - b.start);
    const artifact = {
      contractName,
      sourceName,
      compiler: { version: solc.version(), settings: compiler.settings },
      abi: contract.abi,
      bytecode: `0x${bytecode.object}`,
      deployedBytecode: `0x${deployedBytecode.object}`,
      immutableReferences,
    };
    fs.writeFileSync(path.join(target, `${contractName}.json`), `${JSON.stringify(artifact, null, 2)}\n`);
    console.log(`${contractName}: ${deployedBytecode.object.length / 2} bytes`);
  }
}
