#!/usr/bin/env python3
"""Times whole decode and prefill iterations of a Llama-shaped model (random weights) on one GPU, as CSV for `crossover steps`.

What it needs (Python 3.10 or later), for example in an environment of its own:

    python3 -m venv measure && measure/bin/pip install torch==2.15.0

On an H100 or H200 (about 20 minutes; 30 GB of GPU memory and more for long contexts):

    measure/bin/python scripts/measure/iterationTimes.py --out measured.csv
    npm run -s crossover -- steps --cases measured.csv

Without a GPU, to check the script itself on tiny shapes:

    measure/bin/python scripts/measure/iterationTimes.py --device cpu --tiny --out tiny.csv

One iteration is the whole forward pass: embedding, every layer (norms, fused QKV, rotary positions, attention over a filled KV cache,
output, gated MLP), final norm and the LM head for the rows that are sampled. On a GPU it is captured in a CUDA graph and replayed, so
that launches cost what they cost an engine. Attention is PyTorch's scaled_dot_product_attention over contiguous keys and values, and
matrices are cuBLAS in bf16: neither is an engine's paged kernel, so a row says what the hardware does in this program, and no more.
Each row carries the GPU, driver, CUDA, PyTorch and the date; the time is the median over the repeats, with the 10th and 90th percentile.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

EXIT_USAGE = 2
EXIT_NO_TORCH = 3

try:
    import torch
    import torch.nn.functional as F
except ImportError as error:
    print(
        f"iterationTimes.py: PyTorch cannot be imported ({error}). Install it, e.g. "
        "`python3 -m venv measure && measure/bin/pip install torch==2.15.0`, and run this with measure/bin/python.",
        file=sys.stderr,
    )
    sys.exit(EXIT_NO_TORCH)


@dataclass(frozen=True)
class Shape:
    """Numbers of a model's config.json."""

    name: str
    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    intermediate: int
    vocab: int

    @property
    def parameters(self) -> int:
        attention = self.hidden * (self.heads + 2 * self.kv_heads) * self.head_dim
        attention += self.heads * self.head_dim * self.hidden
        return self.layers * (attention + 3 * self.hidden * self.intermediate) + 2 * self.vocab * self.hidden

    @property
    def kv_bytes_per_token(self) -> int:
        return 2 * self.layers * self.kv_heads * self.head_dim * 2


LLAMA_8B = Shape("Llama-3.1-8B", 32, 4096, 32, 8, 128, 14336, 128256)
TINY = Shape("tiny-selfcheck", 2, 64, 4, 2, 16, 128, 256)

COLUMNS = [
    "backend", "version", "model", "precision", "tp", "gpu", "kind", "prefill_tokens", "decode_bs", "ctx_len",
    "latency_ms", "latency_p10_ms", "latency_p90_ms", "repeats", "cuda_graph", "gpu_name", "driver", "cuda",
    "torch", "measured_on", "basis", "id",
]  # fmt: skip

# What the catalog calls a GPU, by a part of the name that the driver gives.
GPU_NAMES = [("H100 80GB HBM3", "H100_SXM"), ("H100 PCIe", "H100_PCIE"), ("H100 NVL", "H100_NVL"), ("H200", "H200")]


class Model:
    """A decoder with random weights and a contiguous KV cache."""

    def __init__(self, shape: Shape, device: str, dtype: torch.dtype, seed: int = 1) -> None:
        self.shape = shape
        self.device = device
        self.dtype = dtype
        generator = torch.Generator(device=device).manual_seed(seed)

        def matrix(rows: int, columns: int) -> torch.Tensor:
            weights = torch.empty(rows, columns, device=device, dtype=dtype)
            return weights.normal_(0.0, 0.02, generator=generator)

        width = (shape.heads + 2 * shape.kv_heads) * shape.head_dim
        self.embedding = matrix(shape.vocab, shape.hidden)
        self.head = matrix(shape.vocab, shape.hidden)
        self.layers = [
            (
                matrix(width, shape.hidden),
                matrix(shape.hidden, shape.heads * shape.head_dim),
                matrix(2 * shape.intermediate, shape.hidden),
                matrix(shape.hidden, shape.intermediate),
            )
            for _ in range(shape.layers)
        ]
        self.norm = torch.ones(shape.hidden, device=device, dtype=dtype)

    def cache(self, sequences: int, tokens: int) -> list[tuple[torch.Tensor, torch.Tensor]]:
        """Keys and values of every layer for so many sequences of so many tokens, filled at random."""
        size = (sequences, self.shape.kv_heads, tokens, self.shape.head_dim)
        made = []
        for _ in range(self.shape.layers):
            keys = torch.empty(size, device=self.device, dtype=self.dtype).normal_()
            values = torch.empty(size, device=self.device, dtype=self.dtype).normal_()
            made.append((keys, values))
        return made

    def rotate(self, x: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
        """Rotary positions; x is sequences x heads x tokens x head_dim."""
        half = self.shape.head_dim // 2
        exponents = torch.arange(half, device=self.device, dtype=torch.float32) / half
        angles = positions.to(torch.float32)[:, None] * torch.pow(500_000.0, -exponents)[None, :]
        cos, sin = angles.cos().to(self.dtype), angles.sin().to(self.dtype)
        low, high = x[..., :half], x[..., half:]
        return torch.cat((low * cos - high * sin, high * cos + low * sin), dim=-1)

    def forward(
        self,
        tokens: torch.Tensor,
        positions: torch.Tensor,
        cache: list[tuple[torch.Tensor, torch.Tensor]],
        is_prefill: bool,
    ) -> torch.Tensor:
        """Logits of each sequence's last token. `tokens` is sequences x tokens at these positions; new keys and values go into the cache there."""
        shape = self.shape
        x = F.embedding(tokens, self.embedding)
        sequences, length = tokens.shape
        for (qkv, out, gate_up, down), (keys, values) in zip(self.layers, cache):
            normed = F.rms_norm(x, (shape.hidden,), self.norm)
            mixed = F.linear(normed, qkv).view(sequences, length, -1, shape.head_dim).transpose(1, 2)
            query = self.rotate(mixed[:, : shape.heads], positions)
            key = self.rotate(mixed[:, shape.heads : shape.heads + shape.kv_heads], positions)
            keys.index_copy_(2, positions, key)
            values.index_copy_(2, positions, mixed[:, shape.heads + shape.kv_heads :])
            attended = F.scaled_dot_product_attention(
                query, keys, values, is_causal=is_prefill, enable_gqa=shape.heads != shape.kv_heads
            )
            x = x + F.linear(attended.transpose(1, 2).reshape(sequences, length, -1), out)
            gate, up = F.linear(F.rms_norm(x, (shape.hidden,), self.norm), gate_up).chunk(2, dim=-1)
            x = x + F.linear(F.silu(gate) * up, down)
        return F.linear(F.rms_norm(x[:, -1], (shape.hidden,), self.norm), self.head)


def check_model() -> None:
    """The decode over a cache must give the logits of the prefill of all tokens: the timed work is the real work. Raises where it does not."""
    model = Model(TINY, "cpu", torch.float32)
    tokens = torch.arange(12).reshape(1, 12) * 7 % TINY.vocab
    whole = model.forward(tokens, torch.arange(12), model.cache(1, 12), True)
    cache = model.cache(1, 11)
    model.forward(tokens[:, :11], torch.arange(11), cache, True)
    longer = [(F.pad(keys, (0, 0, 0, 1)), F.pad(values, (0, 0, 0, 1))) for keys, values in cache]
    step = model.forward(tokens[:, 11:], torch.tensor([11]), longer, False)
    difference = (whole - step).abs().max().item()
    if difference > 1e-4 or not torch.isfinite(whole).all():
        raise RuntimeError(f"decode and prefill differ by {difference}: the program is wrong, its times mean nothing")


def make_step(model: Model, prefill_tokens: int, decode_bs: int, ctx_len: int):
    """One iteration as a function without arguments: a prompt's prefill, or a decode of each sequence whose context is ctx_len tokens, the new one included."""
    device = model.device
    if prefill_tokens > 0:
        tokens = torch.randint(model.shape.vocab, (1, prefill_tokens), device=device)
        positions = torch.arange(prefill_tokens, device=device)
        cache = model.cache(1, prefill_tokens)
        return lambda: model.forward(tokens, positions, cache, True)
    tokens = torch.randint(model.shape.vocab, (decode_bs, 1), device=device)
    positions = torch.tensor([ctx_len - 1], device=device)
    cache = model.cache(decode_bs, ctx_len)
    return lambda: model.forward(tokens, positions, cache, False)


def time_on_gpu(step, repeats: int) -> list[float]:
    """Milliseconds of each replay of the captured iteration."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    for _ in range(5):
        graph.replay()
    begins = [torch.cuda.Event(enable_timing=True) for _ in range(repeats)]
    ends = [torch.cuda.Event(enable_timing=True) for _ in range(repeats)]
    for begin, end in zip(begins, ends):
        begin.record()
        graph.replay()
        end.record()
    torch.cuda.synchronize()
    return [begin.elapsed_time(end) for begin, end in zip(begins, ends)]


def time_on_cpu(step, repeats: int) -> list[float]:
    """Milliseconds of each run."""
    step()
    found = []
    for _ in range(repeats):
        start = time.perf_counter()
        step()
        found.append(1000 * (time.perf_counter() - start))
    return found


def cells(args: argparse.Namespace) -> list[tuple[str, int, int, int]]:
    """Kind, prefill tokens, decode sequences and context of each iteration to time."""
    decodes = [("decode", 0, batch, context) for batch in args.batches for context in args.contexts]
    return decodes + [("prefill", tokens, 0, tokens) for tokens in args.prefills]


def provenance(device: str) -> dict[str, str]:
    """Where and with what it was measured."""
    common = {"torch": torch.__version__, "measured_on": datetime.date.today().isoformat()}
    if device == "cpu":
        return {**common, "gpu": "", "gpu_name": "none (CPU)", "driver": "", "cuda": "", "cuda_graph": "no", "basis": "self-check"}
    name = torch.cuda.get_device_name()
    query = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader", "--id=0"]
    try:
        driver = subprocess.run(query, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        driver = "unknown"
    known = next((ours for part, ours in GPU_NAMES if part in name), name)
    return {**common, "gpu": known, "gpu_name": name, "driver": driver, "cuda": torch.version.cuda or "", "cuda_graph": "yes", "basis": "measured"}


def is_too_large(model: Model, kind: str, batch: int, context: int) -> bool:
    """Whether the keys and values of a decode leave less than 4 GiB of the free memory."""
    if model.device == "cpu" or kind != "decode":
        return False
    free, _ = torch.cuda.mem_get_info()
    return batch * context * model.shape.kv_bytes_per_token > free - 4 * 2**30


def measure(args: argparse.Namespace, shape: Shape, write) -> tuple[int, int]:
    """Times every cell; returns how many were written and how many did not fit in memory."""
    dtype = torch.float32 if args.device == "cpu" else torch.bfloat16
    model = Model(shape, args.device, dtype)
    where = provenance(args.device)
    timer = time_on_cpu if args.device == "cpu" else time_on_gpu
    written = skipped = 0
    for kind, prefill, batch, context in cells(args):
        if is_too_large(model, kind, batch, context):
            skipped += 1
            print(f"not measured: {batch} sequences of {context} tokens do not fit in memory", file=sys.stderr)
            continue
        with torch.inference_mode():
            times = sorted(timer(make_step(model, prefill, batch, context), args.repeats))
        written += 1
        row = {
            "backend": "pytorch", "version": torch.__version__, "model": shape.name, "tp": 1,
            "precision": "fp32" if args.device == "cpu" else "bf16", "kind": kind, "prefill_tokens": prefill,
            "decode_bs": batch, "ctx_len": context, "latency_ms": f"{statistics.median(times):.6g}",
            "latency_p10_ms": f"{times[len(times) // 10]:.6g}", "latency_p90_ms": f"{times[(9 * len(times)) // 10]:.6g}",
            "repeats": args.repeats, "id": f"{kind}-{prefill}-{batch}-{context}", **where,
        }  # fmt: skip
        write(row)
        print(f"{row['id']}: {row['latency_ms']} ms", file=sys.stderr)
        if args.device != "cpu":
            torch.cuda.empty_cache()
    return written, skipped


def numbers(text: str) -> list[int]:
    """Whole numbers from 1 on, with commas between."""
    found = [int(part) for part in text.split(",")]
    if not found or min(found) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a list of whole numbers from 1 on")
    return found


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Times whole iterations of Llama-8B shapes, as CSV for `crossover steps`.")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--tiny", action="store_true", help="tiny shapes: checks the program, measures nothing of use")
    parser.add_argument("--out", help="CSV file; default standard output")
    parser.add_argument("--repeats", type=int, default=50)
    parser.add_argument("--batches", type=numbers, help="decode sequences, e.g. 1,8,64")
    parser.add_argument("--contexts", type=numbers, help="tokens of context of each, e.g. 256,1024,8192")
    parser.add_argument("--prefills", type=numbers, help="tokens of one prompt, e.g. 128,1024,8192")
    args = parser.parse_args()
    if args.repeats < 1:
        parser.error("--repeats is a whole number from 1 on")
    if args.device == "cpu" and not args.tiny:
        parser.error("--device cpu goes with --tiny: times of a CPU say nothing of a GPU")
    if args.device == "cuda" and not torch.cuda.is_available():
        parser.error("no CUDA GPU is visible to PyTorch; --device cpu --tiny checks the program without one")
    sizes = ([1, 2], [8, 16], [8, 16]) if args.tiny else (
        [1, 2, 4, 8, 16, 32, 64, 96, 128, 192, 256],
        [256, 1024, 2048, 4096, 8192],
        [16, 64, 128, 256, 512, 1024, 2048, 4096, 8192],
    )  # fmt: skip
    args.batches = args.batches or sizes[0]
    args.contexts = args.contexts or sizes[1]
    args.prefills = args.prefills or sizes[2]
    return args


def main() -> int:
    args = read_arguments()
    check_model()
    shape = TINY if args.tiny else LLAMA_8B
    print(f"{shape.name}: {shape.parameters / 1e9:.3f} billion parameters on {args.device}", file=sys.stderr)
    stream = open(args.out, "w", newline="", encoding="utf-8") if args.out else sys.stdout
    writer = csv.DictWriter(stream, fieldnames=COLUMNS, lineterminator="\n")
    writer.writeheader()
    written, skipped = measure(args, shape, writer.writerow)
    if args.out:
        stream.close()
    print(f"{written} iterations timed, {skipped} not, for lack of memory", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
