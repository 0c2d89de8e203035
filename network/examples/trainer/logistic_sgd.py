#!/usr/bin/env python3
"""A trainer for QuantumFed: logistic regression by mini-batch SGD, with the standard library only.

It reads requests from its standard input and answers on its standard output until its input ends. docs/trainers.md describes the
protocol; the first half of this file speaks it and can be kept for a trainer of another framework, which only needs its own train().
"""

import array
import csv
import json
import math
import os
import random
import struct
import sys

PROTOCOL = "quantumfed-trainer/1"


# ---- the protocol ----

def take_streams():
    """The two streams of the protocol. Whatever prints from now on prints to standard error, and cannot break a frame."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    return requests, answers


def read_exactly(stream, count):
    data = stream.read(count)
    if len(data) != count:
        raise EOFError("the request ended in the middle")
    return data


def read_request(stream):
    """The header and the global model's parameters; None when the member has closed the stream, which asks this program to end."""
    first = stream.read(1)
    if not first:
        return None
    (header_length,) = struct.unpack("<I", first + read_exactly(stream, 3))
    header = json.loads(read_exactly(stream, header_length))
    (payload_length,) = struct.unpack("<Q", read_exactly(stream, 8))
    parameters = array.array("f", read_exactly(stream, payload_length))
    if sys.byteorder == "big":
        parameters.byteswap()
    return header, parameters


def write_answer(stream, request, fields, delta=()):
    header = json.dumps({"protocol": PROTOCOL, "request": request, **fields}, allow_nan=False).encode()
    payload = array.array("f", delta)
    if sys.byteorder == "big":
        payload.byteswap()
    stream.write(struct.pack("<I", len(header)) + header + struct.pack("<Q", 4 * len(payload)) + payload.tobytes())
    stream.flush()


def serve(train):
    """Answers every request with train(header, parameters), which returns the new parameters, the row count and the metrics."""
    requests, answers = take_streams()
    while (request := read_request(requests)) is not None:
        header, parameters = request
        try:
            if header.get("protocol") != PROTOCOL or header.get("type") != "train":
                raise ValueError("only " + PROTOCOL + " and its request 'train' are known here")
            new, rows, metrics = train(header, parameters)
            delta = [after - before for after, before in zip(new, parameters, strict=True)]
            write_answer(answers, header["request"], {"type": "update", "rows": rows, "metrics": metrics}, delta)
        except Exception as error:  # the member shows this one line, and goes on
            write_answer(answers, header.get("request"), {"type": "error", "message": f"{type(error).__name__}: {error}"})


# ---- the training ----

def read_rows(path, features):
    """The features in the model's order, and the labels, of a member's CSV file."""
    with open(path, encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        columns = next(lines)
        missing = [name for name in [*features, "label"] if name not in columns]
        if missing:
            raise ValueError(f"{path} has no column {missing[0]!r}")
        order = [columns.index(name) for name in features]
        label = columns.index("label")
        table = [([float(line[j]) for j in order], int(line[label])) for line in lines]
    if not table:
        raise ValueError(f"{path} has no rows")
    if any(y not in (0, 1) for _, y in table):
        raise ValueError("logistic regression takes the labels 0 and 1")
    return [x for x, _ in table], [y for _, y in table]


def standardise(rows, given):
    """z = (x - mean) / scale, as the consortium has it, or by this member's own rows: scale is the sample deviation + 1e-9."""
    if given is not None:
        means, scales = given["means"], given["scales"]
    else:
        if len(rows) < 2:
            raise ValueError("a sample deviation needs at least 2 rows")
        columns = list(zip(*rows))
        means = [math.fsum(column) / len(rows) for column in columns]
        scales = [math.sqrt(math.fsum((x - m) ** 2 for x in column) / (len(rows) - 1)) + 1e-9 for column, m in zip(columns, means)]
    return [[(x - m) / s for x, m, s in zip(row, means, scales)] for row in rows]


def probability(weights, row):
    """P(label = 1): the last weight is the intercept."""
    score = weights[-1] + sum(w * x for w, x in zip(weights, row))
    return 1 / (1 + math.exp(-score)) if score >= 0 else math.exp(score) / (1 + math.exp(score))


def evaluate(weights, rows, labels):
    ps = [probability(weights, row) for row in rows]
    loss = -math.fsum(math.log(max(p if y else 1 - p, 1e-12)) for p, y in zip(ps, labels)) / len(rows)
    return loss, sum((p >= 0.5) == (y == 1) for p, y in zip(ps, labels)) / len(rows)


def train(header, parameters):
    model, settings = header["model"], header["settings"]
    if model["kind"] != "logistic":
        raise ValueError(f"this trainer knows the model kind 'logistic', not {model['kind']!r}")
    epochs = int(settings.get("epochs", 1))
    batch_size = int(settings.get("batchSize", 32))  # 0: all rows at once
    rate = settings.get("learningRate", 0.1)
    decay = settings.get("weightDecay", 0.0)  # on the weights, not on the intercept
    proximal = settings.get("proximal", 0.0)  # FedProx: how strongly the global model holds this one back

    rows, labels = read_rows(header["trainingData"], model["features"])
    rows = standardise(rows, header["standardisation"])
    draw = random.Random(header["seed"])
    start = list(parameters)
    weights = list(start)
    before, _ = evaluate(weights, rows, labels)
    order = list(range(len(rows)))
    size = batch_size if 0 < batch_size < len(rows) else len(rows)
    for _ in range(epochs):
        if size < len(rows):
            draw.shuffle(order)
        for first in range(0, len(order), size):
            batch = order[first:first + size]
            gradient = [0.0] * len(weights)
            for i in batch:
                residual = probability(weights, rows[i]) - labels[i]
                for j, x in enumerate(rows[i]):
                    gradient[j] += residual * x
                gradient[-1] += residual
            for j in range(len(weights)):
                step = gradient[j] / len(batch) + proximal * (weights[j] - start[j])
                if j < len(weights) - 1:
                    step += decay * weights[j]
                weights[j] -= rate * step
    loss, accuracy = evaluate(weights, rows, labels)
    print(f"round {header['round']}: {len(rows)} rows, loss {before:.4f} -> {loss:.4f}")  # to standard error, see take_streams
    return weights, len(rows), {"lossBefore": before, "loss": loss, "accuracy": accuracy}


if __name__ == "__main__":
    serve(train)
