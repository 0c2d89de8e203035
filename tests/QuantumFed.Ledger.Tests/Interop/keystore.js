// Keystores by ethers, for EthersKeystoreTests: one JSON object on standard input, one on standard output.
const { readFileSync } = require("node:fs");
const ethers = require("ethers");

const request = JSON.parse(readFileSync(0, "utf8"));
const scrypt = request.scrypt;
let answer;
switch (request.action) {
  case "decrypt": {
    const account = ethers.decryptKeystoreJsonSync(request.keystore, request.password);
    answer = { address: account.address, key: account.privateKey };
    break;
  }
  case "encrypt": {
    const wallet = new ethers.Wallet(request.key);
    const account = { address: wallet.address, privateKey: wallet.privateKey };
    answer = { keystore: ethers.encryptKeystoreJsonSync(account, request.password, scrypt ? { scrypt } : undefined) };
    break;
  }
  case "encrypt-mnemonic": {
    const wallet = ethers.HDNodeWallet.createRandom();
    const mnemonic = { path: wallet.path, locale: "en", entropy: wallet.mnemonic.entropy };
    const account = { address: wallet.address, privateKey: wallet.privateKey, mnemonic };
    answer = { address: wallet.address, keystore: ethers.encryptKeystoreJsonSync(account, request.password, { scrypt }) };
    break;
  }
}
console.log(JSON.stringify(answer));
