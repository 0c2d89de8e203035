'use strict';
// The services as a stranger gets them: from their .proto files, by proto-loader. And what both scripts share.
const path = require('node:path');
const crypto = require('node:crypto');
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

const published = path.join(__dirname, '../../src/QuantumFed.Protocol/Proto');
const definition = protoLoader.loadSync([path.join(__dirname, 'echo.proto'), 'quantumfed/v1/coordinator.proto'], {
  includeDirs: [published],
  keepCase: true,
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
});
const loaded = grpc.loadPackageDefinition(definition);

// One line of JSON to the test that started this script.
function report(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

// Lines from the test. When the test's process is gone, so is this one.
function onLine(listener) {
  let rest = '';
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', text => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    lines.forEach(listener);
  });
  process.stdin.on('end', () => process.exit(1));
}

// Metadata as a map of lists; values of '-bin' entries in hexadecimal.
function readable(metadata) {
  return Object.fromEntries(Object.keys(metadata.getMap()).map(name =>
    [name, metadata.get(name).map(value => Buffer.isBuffer(value) ? value.toString('hex') : value)]));
}

// Byte j of chunk i is (i + j) mod 256.
const chunkBytes = (index, size) => Buffer.alloc(size, Uint8Array.from({ length: 256 }, (_, j) => (index + j) % 256));
const sha256 = () => crypto.createHash('sha256');

module.exports = { grpc, Echo: loaded.test.Echo, Coordinator: loaded.quantumfed.v1.Coordinator, report, onLine, readable, chunkBytes, sha256 };
