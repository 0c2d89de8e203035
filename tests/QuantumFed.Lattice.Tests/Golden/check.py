#!/usr/bin/env python3
"""Computes golden files from the definitions alone and compares them with those in this folder.

Shares no code with the library: transforms are sums over all powers of the root, arithmetic is on integers, AES is that of the program
openssl. Takes a minute; no test runs it. Keys and sealed shares are left out: ML-KEM is not written again here.
"""
import hashlib
import pathlib
import struct
import subprocess
import sys

N, Q, P, ETA = 2048, 2**49 - 28671, 2**31 - 1, 42
LANE, LANES, RESERVED = 18, 2, 16  # four parties, 16 bits a value
WIDE_N, WIDE_PRIMES, WIDE_LANES = 4096, (2**49 - 204799, 2**49 - 434175), 4  # the larger set, 50 parties: lanes of 22 bits
WIDE_LANE = 22
COMMITTEE, THRESHOLD, RECEIVER, DEALERS = 4, 3, 3, (1, 2)
HERE = pathlib.Path(__file__).parent


def stream(seed, domain, size):
    """AES-256-CTR from counter 0 under SHA-256 of a label, the domain's length, the domain and the seed."""
    name = domain.encode()
    key = hashlib.sha256(b"QuantumFed.RandomStream.v1\0" + struct.pack("<I", len(name)) + name + seed).hexdigest()
    command = ["openssl", "enc", "-aes-256-ctr", "-K", key, "-iv", "0" * 32]
    return subprocess.run(command, input=bytes(size), capture_output=True, check=True).stdout[:size]


def golden(dealer, purpose, size):
    return stream(bytes([dealer]), "QuantumFed.Golden." + purpose, size)


def digest(purpose):
    return hashlib.sha256(b"QuantumFed.Golden." + purpose.encode()).digest()


def below(data, size, bits, bound, count):
    """Little-endian words of so many bytes, cut to bits, those not below the bound left out."""
    words = (int.from_bytes(data[i: i + size], "little") & (2**bits - 1) for i in range(0, len(data), size))
    return [word for word in words if word < bound][:count]


def centred_binomial(data):
    """Ones among 84 bits, less 42: words of 64 bits for all samples first, then 32 bits for each, of which the lower 20 count."""
    n = len(data) // 12
    low, high = struct.unpack(f"<{n}Q", data[: 8 * n]), struct.unpack(f"<{n}I", data[8 * n:])
    return [(x.bit_count() + (y & 0xFFFFF).bit_count()) - ETA for x, y in zip(low, high)]


def pack(values, bits):
    return sum(value << (bits * i) for i, value in enumerate(values)).to_bytes((bits * len(values) + 7) // 8, "little")


def exponent_at(index, n):
    """The value at this index of an element in evaluation form is that at psi to this power: bits reversed, then 8 by 8 squares transposed."""
    square, row, column = index // 64, index % 64 // 8, index % 8
    return 2 * int(f"{64 * square + 8 * column + row:0{n.bit_length() - 1}b}"[::-1], 2) + 1


def multiply(values, secret, q=Q):
    """The coefficients of the product of an element in evaluation form and one in coefficients."""
    n, g = len(values), 2
    while pow(pow(g, (q - 1) // (2 * n), q), n, q) != q - 1:
        g += 1
    psi = pow(g, (q - 1) // (2 * n), q)
    powers = [1]
    for _ in range(2 * n - 1):
        powers.append(powers[-1] * psi % q)
    product = [0] * (2 * n)
    for index, value in enumerate(values):
        e = exponent_at(index, n)
        product[e] = value * sum(s * powers[e * j % (2 * n)] for j, s in enumerate(secret)) % q
    inverse = pow(n, -1, q)
    return [inverse * sum(product[e] * powers[-e * j % (2 * n)] for e in range(1, 2 * n, 2)) % q for j in range(n)]


def wide_ciphertext(dealer):
    """One block over two primes: each has its own public element, and the same error and message."""
    secret, errors = (centred_binomial(golden(dealer, purpose, 12 * WIDE_N)) for purpose in ("secret", "errors"))
    count = (WIDE_N - RESERVED - 1) * WIDE_LANES
    values = [(13 * i + 7919 * dealer) % 65536 for i in range(count)]
    message = [0] * RESERVED + [1]
    message += [sum(values[i + lane] << WIDE_LANE * lane for lane in range(WIDE_LANES)) for i in range(0, count, WIDE_LANES)]
    scale, block = 2**(WIDE_LANE * WIDE_LANES), b""
    for number, prime in enumerate(WIDE_PRIMES):
        words = stream(digest("elements") + bytes(4) + bytes([number]), "QuantumFed.Kahe.PublicElements.v1", 8 * WIDE_N)
        product = multiply(below(words, 8, 49, prime, WIDE_N), secret, prime)
        block += pack([(x + scale * e + m) % prime for x, e, m in zip(product, errors, message)], 49)
    return hashlib.sha256(block).hexdigest().encode() + b"\n"


def ciphertext(dealer, secret):
    element = below(stream(digest("elements") + bytes(4), "QuantumFed.Kahe.PublicElements.v1", 8 * N), 8, 49, Q, N)
    errors = centred_binomial(golden(dealer, "errors", 12 * N))
    count = (N - RESERVED - 1) * LANES
    values = [(13 * i + 7919 * dealer) % 65536 for i in range(count)]
    message = [0] * RESERVED + [1] + [values[i] | values[i + 1] << LANE for i in range(0, count, LANES)]
    scale = 2**(LANE * LANES)
    return pack([(x + scale * e + m) % Q for x, e, m in zip(multiply(element, secret), errors, message)], 49)


def share(dealer, secret, receiver):
    width = N + 3
    words = below(golden(dealer, "polynomials", 4 * width * THRESHOLD + 64), 4, 31, P, width * THRESHOLD)
    rows = [words[i: i + width] for i in range(0, len(words), width)]
    rows[0][:N] = [s % P for s in secret]
    return [sum(row[i] * receiver**d for d, row in enumerate(rows)) % P for i in range(width)]


def main():
    secrets = {dealer: centred_binomial(golden(dealer, "secret", 12 * N)) for dealer in DEALERS}
    shares = {dealer: share(dealer, secrets[dealer], RECEIVER) for dealer in DEALERS}
    challenge = below(stream(digest("challenge"), "QuantumFed.Sharing.ShareChallenge.v1", 4 * 3 * N + 64), 4, 31, P, 3 * N)
    first = shares[DEALERS[0]]
    check = [(first[N + k] + sum(c * x for c, x in zip(challenge[k * N:], first[:N]))) % P for k in range(3)]
    computed = {
        "kahe-ciphertext-v1.bin": ciphertext(DEALERS[0], secrets[DEALERS[0]]),
        "kahe-ciphertext-4096-v1.sha256": wide_ciphertext(DEALERS[0]),
        "secret-share-v1.bin": bytes([RECEIVER]) + pack(first, 31),
        "share-sum-v1.bin": bytes([RECEIVER]) + pack([sum(column) % P for column in list(zip(*shares.values()))[:N]], 31),
        "share-check-value-v1.bin": struct.pack("<3I", *check),
        "round-private-key-v1.bin": golden(1, "privateKey", 96),
    }
    wrong = [name for name, data in computed.items() if (HERE / name).read_bytes() != data]
    print("\n".join(f"{name}: {'DIFFERENT' if name in wrong else 'the same'}" for name in computed))
    sys.exit(1 if wrong else 0)


main()
