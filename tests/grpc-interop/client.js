'use strict';
// grpc-js calls a server of QuantumFed.Transport: node client.js <case> <port> [<ms>]. Prints one line of JSON: what grpc-js saw.
const http2 = require('node:http2');
const { grpc, Echo, Coordinator, report, onLine, readable, chunkBytes, sha256 } = require('./services.js');

const [, , wanted, port, milliseconds] = process.argv;
const address = `127.0.0.1:${port}`;
const KIB = 1024;
const MIB = 1024 * KIB;

let told;
const go = new Promise(resolve => { told = resolve; });
onLine(line => told(line));

const connect = (Service, options = {}) =>
  new Service(address, grpc.credentials.createInsecure(), { 'grpc.enable_http_proxy': 0, 'grpc.enable_retries': 0, ...options });

// Everything that is to be known of a call, once it has its status.
function watch(call, { take = 'value' } = {}) {
  const seen = { code: null, details: null, headers: false, trailers: {}, messages: 0, values: [], length: 0, digest: null };
  const hash = sha256();
  call.on('metadata', () => { seen.headers = true; });
  call.on('error', () => {}); // the status says it
  call.on('data', message => {
    seen.messages++;
    if (Buffer.isBuffer(message[take])) {
      seen.length += message[take].length;
      hash.update(message[take]);
    } else {
      seen.values.push(message[take]);
    }
  });
  const ended = new Promise(resolve => {
    call.on('status', status => {
      Object.assign(seen, { code: status.code, details: status.details, trailers: readable(status.metadata), digest: hash.digest('hex') });
      resolve(seen);
    });
  });
  return { seen, ended };
}

// A call of one response: start is given the callback.
async function single(start) {
  let value = null;
  const call = start((_, response) => { value = response ?? null; });
  const { ended } = watch(call);
  return { ...await ended, value };
}

const unary = (client, method, request, metadata = new grpc.Metadata(), options = {}) =>
  single(callback => client[method](request, metadata, options, callback));

// Writes as fast as the peer takes it.
async function write(call, message) {
  if (!call.write(message))
    await new Promise(resolve => { call.once('drain', resolve); call.once('status', resolve); });
}

// A method under a name, a shape or a format that the .proto does not have.
function improvised(path, { requestStream = false, encode = bytes => bytes } = {}) {
  const Improvised = grpc.makeGenericClientConstructor({
    Call: { path, requestStream, responseStream: false, requestSerialize: encode, responseDeserialize: bytes => bytes },
  }, 'Improvised');
  return connect(Improvised);
}

const cases = {
  async unary() {
    const result = await unary(connect(Echo), 'Unary', { value: 'Grüße 鍵 🔑' });
    return { ...result, value: result.value.value };
  },

  async shapes() {
    const client = connect(Echo);
    const joined = await single(callback => {
      const call = client.Join(callback);
      ['a', 'b', 'c'].forEach(value => call.write({ value }));
      call.end();
      return call;
    });
    const split = await watch(client.Split({ value: 'x y z' })).ended;
    const duplex = client.Duplex();
    const both = watch(duplex);
    duplex.write({ value: 'first' });
    duplex.once('data', answer => {
      duplex.write({ value: `${answer.value} second` });
      duplex.end();
    });
    return { joined: joined.value.value, split: split.values, duplex: (await both.ended).values };
  },

  async empty() {
    const client = connect(Echo);
    const message = await unary(client, 'Unary', {});
    const nothing = await single(callback => {
      const call = client.Join(callback);
      call.end();
      return call;
    });
    const stream = await watch(client.Split({})).ended;
    return { message: message.value.value, nothing: nothing.value.value, stream: stream.messages, code: stream.code };
  },

  async upload() {
    const hash = sha256();
    const client = connect(Echo);
    let value;
    const call = client.Digest((_, response) => { value = response; });
    const { ended } = watch(call);
    for (let i = 0; i < 64; i++) {
      const bytes = chunkBytes(i, MIB);
      hash.update(bytes);
      await write(call, { value: bytes });
    }
    call.end();
    const result = await ended;
    return { ...result, digest: hash.digest('hex'), value: value?.value.toString('hex') };
  },

  async download() {
    return watch(connect(Echo).Produce({ value: 256 })).ended;
  },

  // Stops reading, and goes on only when the server has made nothing more for 20 round trips.
  async backpressure() {
    const client = connect(Echo);
    const call = client.Produce({ value: 1024 });
    const { ended } = watch(call);
    await new Promise(resolve => { call.once('data', resolve); });
    call.pause();
    let produced = 0;
    for (let quiet = 0; quiet < 20; quiet++) {
      const { value } = (await unary(client, 'Produced', {})).value;
      if (value !== produced)
        quiet = 0;
      produced = value;
    }
    call.resume();
    return { ...await ended, value: produced };
  },

  async 'leave-stream'() {
    const call = connect(Echo).Produce({ value: 1_000_000_000 });
    const { seen, ended } = watch(call);
    call.on('data', () => { if (seen.messages === 3) call.cancel(); });
    return ended;
  },

  async 'cancel-unary'() {
    return single(callback => {
      const call = connect(Echo).Unary({ value: 'wait' }, callback);
      go.then(() => call.cancel());
      return call;
    });
  },

  async 'cancel-upload'() {
    return single(callback => {
      const call = connect(Echo).Count(callback);
      call.write({ value: Buffer.alloc(1000) });
      go.then(() => call.cancel());
      return call;
    });
  },

  async 'reset-upload'() {
    return cutOff((_, stream) => stream.destroy(new Error('cut off')));
  },

  async 'lost-upload'() {
    return cutOff(session => session.destroy());
  },

  async 'own-deadline'() {
    return unary(connect(Echo), 'Unary', { value: 'wait' }, undefined, { deadline: Date.now() + Number(milliseconds) });
  },

  async 'long-deadline'() {
    return unary(connect(Echo), 'Unary', { value: 'wait' }, undefined, { deadline: Date.now() + 3_600_000 });
  },

  async 'late-stream'() {
    return watch(connect(Echo).Split({ value: 'wait' }, new grpc.Metadata(), { deadline: Date.now() + 3_600_000 })).ended;
  },

  // A BytesValue of n bytes takes 5 more on the wire where n needs a length of four bytes.
  async 'longest-request'() {
    return single(callback => {
      const call = connect(Echo).Count(callback);
      call.end({ value: Buffer.alloc(4 * MIB - 5) });
      return call;
    });
  },

  async 'oversized-request'() {
    return single(callback => {
      const call = connect(Echo).Count(callback);
      call.end({ value: Buffer.alloc(4 * MIB - 4) });
      return call;
    });
  },

  async 'oversized-response'() {
    return unary(connect(Echo, { 'grpc.max_receive_message_length': 100 }), 'Unary', { value: 'x'.repeat(200) });
  },

  async 'unknown-method'() {
    return unary(improvised('/test.Echo/Nothing'), 'Call', Buffer.alloc(0));
  },

  async 'unknown-service'() {
    return unary(improvised('/quantumfed.v2.Coordinator/Watch'), 'Call', Buffer.alloc(0));
  },

  async 'two-requests'() {
    return single(callback => {
      const call = improvised('/test.Echo/Unary', { requestStream: true }).Call(callback);
      call.write(Buffer.alloc(0));
      call.end(Buffer.alloc(0));
      return call;
    });
  },

  async 'no-request'() {
    return single(callback => {
      const call = improvised('/test.Echo/Unary', { requestStream: true }).Call(callback);
      call.end();
      return call;
    });
  },

  async 'failing-unary'() {
    return unary(connect(Echo), 'Unary', { value: '' });
  },

  async 'failing-stream'() {
    return watch(connect(Echo).Split({ value: '' })).ended;
  },

  async 'failing-upload'() {
    const call = connect(Echo).Count(() => {});
    const { seen, ended } = watch(call);
    let sent = 0;
    while (seen.code === null && sent < 4096) {
      await write(call, { value: Buffer.alloc(64 * KIB) });
      sent++;
    }
    return { ...await ended, value: sent };
  },

  async metadata() {
    const metadata = new grpc.Metadata();
    metadata.add('a', 'one');
    metadata.add('a', 'two words, and a comma');
    metadata.add('empty', '');
    for (let length = 0; length <= 4; length++)
      metadata.add('key-bin', Buffer.from([255, 254, 0, 1].slice(0, length)));
    metadata.add('all-bin', Buffer.from(Uint8Array.from({ length: 256 }, (_, i) => i)));
    return unary(connect(Echo), 'Unary', {}, metadata);
  },

  // grpc-js pads its base64; others do not.
  async 'unpadded-metadata'() {
    return raw({ 'key-bin': ['', 'AQ', 'AQI', 'AQID', 'AQIDBA'] });
  },

  async 'broken-metadata'() {
    return raw({ 'key-bin': '!' });
  },

  async compressed() {
    return unary(connect(Echo, { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip }), 'Unary', { value: 'x'.repeat(1000) });
  },

  async concurrent() {
    const client = connect(Echo);
    const results = await Promise.all(Array.from({ length: 300 }, (_, i) => unary(client, 'Unary', { value: `${i}` })));
    return { codes: [...new Set(results.map(result => result.code))], values: results.map(result => result.value?.value) };
  },

  async 'running-call'() {
    return unary(connect(Echo), 'Unary', { value: 'last' });
  },

  async 'call-after-drain'() {
    const client = connect(Echo);
    const running = unary(client, 'Unary', { value: 'last' });
    await go;
    const refused = await unary(client, 'Unary', { value: 'too late' });
    return { running: await running, refused };
  },

  async 'answers-of-the-coordinator'() {
    const client = connect(Coordinator);
    const notices = [];
    const watching = client.Watch({ agreement: Buffer.alloc(32, 1) });
    watching.on('data', notice => notices.push({ ...notice, object: notice.object.toString('hex'), plan: notice.plan.toString('hex') }));
    const watched = await watch(watching).ended;
    const record = await unary(client, 'SubmitRecord', { message: Buffer.from('a signed record') });
    const hash = sha256();
    const update = await single(callback => {
      const call = client.SubmitUpdate(callback);
      call.write({ header: Buffer.from('a signed header') });
      for (let i = 0; i < 3; i++) {
        const data = chunkBytes(i, MIB);
        hash.update(data);
        call.write({ chunk: { data, last: i === 2 } });
      }
      call.end();
      return call;
    });
    const shares = await watch(client.ReceiveShares({ round: 7 }), { take: 'sealed_share' }).ended;
    const round = await unary(client, 'ReadRound', { round: 7 });
    const missing = await unary(client, 'ReadRound', { round: 8 });
    const object = await watch(client.ReadObject({ digest: Buffer.alloc(32, 2) }), { take: 'data' }).ended;
    return {
      codes: [watched, record, update, shares, round, missing, object].map(result => result.code),
      notices,
      record: record.value?.digest.toString('hex'),
      update: update.value?.digest.toString('hex'),
      sent: hash.digest('hex'),
      shares: { messages: shares.messages, digest: shares.digest },
      round: round.value?.message.toString(),
      missing: missing.details,
      object: { messages: object.messages, length: object.length, digest: object.digest },
    };
  },

  async 'no-protobuf'() {
    return unary(improvised('/quantumfed.v1.Coordinator/SubmitRecord'), 'Call', Buffer.from([0xff]));
  },

  // Field 1, and a field 200 that a later version of v1 might add.
  async 'later-field'() {
    const result = await unary(improvised('/quantumfed.v1.Coordinator/SubmitRecord'), 'Call', Buffer.from('0a026869c20c0568656c6c6f', 'hex'));
    return { ...result, value: result.value?.toString('hex') };
  },
};

// One message and a half, and then the stream, or the connection, is gone.
async function cutOff(cut) {
  const session = http2.connect(`http://${address}`);
  const stream = session.request({ ':method': 'POST', ':path': '/test.Echo/Count', 'content-type': 'application/grpc', te: 'trailers' });
  stream.on('error', () => {});
  stream.write(Buffer.alloc(5 + 3));
  await go;
  cut(session, stream);
  await new Promise(resolve => { stream.on('close', resolve); });
  await new Promise(() => {}); // the test ends this process
}

// One unary call with Node's bare HTTP/2.
async function raw(headers) {
  const session = http2.connect(`http://${address}`);
  try {
    const stream = session.request({ ':method': 'POST', ':path': '/test.Echo/Unary', 'content-type': 'application/grpc', te: 'trailers', ...headers });
    const seen = { code: null, details: null, headers: false };
    const take = fields => {
      if (fields['grpc-status'] === undefined)
        return;
      seen.code = Number(fields['grpc-status']);
      seen.details = decodeURIComponent(fields['grpc-message'] ?? '');
    };
    stream.on('response', fields => {
      seen.headers = fields['grpc-status'] === undefined;
      take(fields);
    });
    stream.on('trailers', take);
    stream.resume();
    stream.end(Buffer.alloc(5));
    await new Promise((resolve, reject) => { stream.on('close', resolve); stream.on('error', reject); session.on('error', reject); });
    return seen;
  } finally {
    session.destroy();
  }
}

cases[wanted]().then(
  result => {
    report(result);
    process.exit(0);
  },
  error => {
    console.error(error);
    process.exit(1);
  });
