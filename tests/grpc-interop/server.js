'use strict';
// A grpc-js server for the client of QuantumFed.Transport: node server.js [plain | compressing | raw]. Prints {"port":n}, then a line for
// everything that only the server sees. Takes the lines "drain" and "cut". Ends with its standard input.
const http2 = require('node:http2');
const { grpc, Echo, Coordinator, report, onLine, readable, chunkBytes, sha256 } = require('./services.js');

const mode = process.argv[2] ?? 'plain';
const CHUNK = 64 * 1024;
let produced = 0;

const failure = (code, details) => {
  const metadata = new grpc.Metadata();
  metadata.add('round', '7');
  metadata.add('evidence-bin', Buffer.from([0, 1, 254, 255]));
  return { code, details, metadata };
};

// A call that is never answered: says that it runs, by when it wants an answer, and when it is cancelled.
function wait(call) {
  call.on('cancelled', () => report({ event: 'cancelled' }));
  report({ event: 'started', deadline: Number.isFinite(+call.getDeadline()) ? +call.getDeadline() : null });
}

const answers = {
  wait: wait,
  fail: (call, callback) => callback(failure(grpc.status.FAILED_PRECONDITION, 'schlüssel fehlt: 鍵 🔑 100 %, %41\n')),
  crash: () => { throw new Error('the password is hunter2'); },
  long: (call, callback) => callback(null, { value: 'x'.repeat(4 * 1024 * 1024) }),
  metadata: (call, callback) => callback(null, { value: JSON.stringify(readable(call.metadata)) }),
};

const echo = {
  Unary(call, callback) {
    const answer = answers[call.request.value] ?? (() => callback(null, { value: `: ${call.request.value}` }));
    answer(call, callback);
  },

  Join(call, callback) {
    const texts = [];
    call.on('data', request => texts.push(request.value));
    call.on('end', () => callback(null, { value: texts.join(' ') }));
  },

  Split(call) {
    if (call.request.value === 'wait')
      return wait(call);
    for (const value of call.request.value.split(' ').filter(word => word.length > 0 && word !== 'fail'))
      call.write({ value });
    if (call.request.value.endsWith('fail'))
      return call.emit('error', failure(grpc.status.FAILED_PRECONDITION, 'schlüssel fehlt: 鍵 🔑 100 %, %41\n'));
    call.end();
  },

  Duplex(call) {
    call.on('data', request => call.write({ value: request.value.toUpperCase() }));
    call.on('end', () => call.end());
  },

  Count(call, callback) {
    let count = 0;
    call.on('cancelled', () => report({ event: 'cancelled' }));
    call.once('data', () => report({ event: 'started' }));
    call.on('data', request => {
      count += request.value.length;
      if (request.value.length === 1)
        callback(failure(grpc.status.FAILED_PRECONDITION, 'The round is closed.'));
    });
    call.on('error', () => {});
    call.on('end', () => callback(null, { value: count }));
  },

  Digest(call, callback) {
    const hash = sha256();
    call.on('data', request => hash.update(request.value));
    call.on('end', () => callback(null, { value: hash.digest() }));
  },

  async Produce(call) {
    let left = false;
    call.on('cancelled', () => { left = true; report({ event: 'cancelled' }); });
    for (let i = 0; i < call.request.value && !left; i++) {
      produced++;
      if (!call.write({ value: chunkBytes(i, CHUNK) }))
        await new Promise(resolve => { call.once('drain', resolve); call.once('cancelled', resolve); });
    }
    call.end();
  },

  Produced(call, callback) {
    callback(null, { value: produced });
  },
};

const coordinator = {
  SubmitRecord: (call, callback) => callback(null, { digest: sha256().update(call.request.message).digest() }),
  ReadObject(call) {
    for (let i = 0; i < 3; i++)
      call.write({ data: chunkBytes(i, 1024 * 1024) });
    call.end();
  },
};

function serve(options) {
  const server = new grpc.Server(options);
  server.addService(Echo.service, echo);
  server.addService(Coordinator.service, coordinator);
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error)
      throw error;
    report({ port });
  });
  onLine(line => {
    if (line === 'drain')
      server.tryShutdown(() => report({ event: 'drained' }));
    else if (line === 'cut')
      server.forceShutdown();
    else if (line === 'end')
      process.exit(0);
  });
}

// Bare HTTP/2: trailers alone, with base64 that is not padded, a message that is no UTF-8, and what a later version may add.
function serveRaw() {
  const server = http2.createServer();
  server.on('stream', (stream, headers) => {
    const method = headers[':path'].split('/').pop();
    stream.on('error', () => {});
    if (method === 'Unary') {
      stream.respond({
        ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '9', 'grpc-message': '100%25 %E9 %zz',
        'evidence-bin': ['AA', 'AAE', 'AAH+', 'AAH+/w', 'AAH+/w=='], te: headers.te, 'seen-type': headers['content-type'],
      }, { endStream: true });
      return;
    }
    // SubmitRecord: an Acknowledgement with field 1, and a field 200 that nobody here knows.
    stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.from('000000000c0a026869c20c0568656c6c6f', 'hex'));
  });
  server.listen(0, '127.0.0.1', () => report({ port: server.address().port }));
  onLine(() => {});
}

if (mode === 'raw')
  serveRaw();
else
  serve(mode === 'compressing' ? { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip } : {});
