"""Fine-tune every layer: `python -m training.ebike.train RENDERS START.pth OUT.pt`."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.cabins import harmless
from training.ebike.network import STRIDE, Detector, from_public_weights
from training.ebike.pictures import SIDE, Sample, disturbed, plain, read

CELLS = SIDE // STRIDE
BACKBONE_RATE = 0.1  # of the heads' rate: the public features are good, and small data spoils them
AVERAGE = 0.99  # weights are averaged over about a hundred steps


def main() -> None:
    """Train, telling now and then how the validation cabins fare."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("renders", type=Path)
    ask.add_argument("start", type=Path)
    ask.add_argument("out", type=Path)
    ask.add_argument("--scenes", type=int, default=1000, help="train on scenes below this number")
    ask.add_argument("--steps", type=int, default=500)
    ask.add_argument("--batch", type=int, default=16)
    ask.add_argument("--rate", type=float, default=1e-3)
    ask.add_argument("--negatives", type=float, default=0.45)
    ask.add_argument("--things", type=float, default=0.5, help="share of things in the negatives")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--threads", type=int, default=1)
    given = ask.parse_args()
    torch.manual_seed(given.seed)
    torch.set_num_threads(given.threads)
    rng = np.random.default_rng(given.seed)
    train = read(given.renders, "train", scenes=given.scenes)
    val = read(given.renders, "val")
    pools = _pools(train)
    print("train:", {name: len(pool) for name, pool in pools.items()}, "val:", len(val), flush=True)
    network = from_public_weights(given.start).to(memory_format=torch.channels_last)
    average = from_public_weights(given.start)
    optimiser = _optimiser(network, given.rate)
    plan = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [given.rate * BACKBONE_RATE, given.rate], given.steps, pct_start=0.15
    )
    start, total = time.monotonic(), 0.0
    for step in range(1, given.steps + 1):
        pictures, boxes = _batch(pools, given.batch, given.negatives, given.things, rng)
        network.eval()  # the statistics of batch norm stay those of the public weights
        found = loss(network(pictures), boxes)
        optimiser.zero_grad()
        found.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 10.0)
        optimiser.step()
        plan.step()
        _follow(average, network, min(AVERAGE, step / (step + 10)))
        total += found.item()
        if step % 50 == 0 or step == given.steps:
            print(f"{step} loss {total / 50:.3f} {time.monotonic() - start:.0f} s", flush=True)
            total = 0.0
        if step % 150 == 0 or step == given.steps:
            print(f"  val {summary(average, val)}", flush=True)
            torch.save(average.state_dict(), given.out)


def loss(raw: Tensor, boxes: list[np.ndarray | None]) -> Tensor:
    """Focal objectness over all cells, plus generalised IoU on the cells beside a box's centre."""
    target, weight = torch.zeros_like(raw[:, 0]), torch.ones_like(raw[:, 0])
    overlap, count = raw.new_zeros(()), 0
    for index, box in enumerate(boxes):
        if box is None:
            continue
        cells, quiet = _cells(box)
        for y, x in quiet:
            weight[index, y, x] = 0
        truth = torch.from_numpy(box)
        for y, x in cells:
            target[index, y, x], weight[index, y, x] = 1, 1
            overlap = overlap + 1 - generalised_iou(decoded(raw[index, 1:, y, x], x, y), truth)
            count += 1
    sure = torch.sigmoid(raw[:, 0])
    cross = nn.functional.binary_cross_entropy_with_logits(raw[:, 0], target, reduction="none")
    miss = torch.where(target > 0, 1 - sure, sure)
    share = torch.where(target > 0, 0.6, 0.4)
    focal = (share * miss**2 * cross * weight).sum()
    return 4 * focal / max(1, count) + 2 * overlap / max(1, count)


def decoded(terms: Tensor, x: int, y: int) -> Tensor:
    """A cell's four terms as a box in fractions: the centre may lie a cell away."""
    cx, cy = (torch.tanh(terms[0]) + x) / CELLS, (torch.tanh(terms[1]) + y) / CELLS
    w, h = torch.sigmoid(terms[2]), torch.sigmoid(terms[3])
    return torch.stack([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2])


def generalised_iou(one: Tensor, other: Tensor) -> Tensor:
    """Rezatofighi et al. 2019: IoU less the empty share of the enclosing box."""
    inner = (
        (torch.minimum(one[2:], other[2:]) - torch.maximum(one[:2], other[:2])).clamp(min=0).prod()
    )
    union = (one[2:] - one[:2]).prod() + (other[2:] - other[:2]).prod() - inner
    hull = (torch.maximum(one[2:], other[2:]) - torch.minimum(one[:2], other[:2])).prod()
    return inner / union - (hull - union) / hull


def scores(network: Detector, samples: list[Sample]) -> tuple[np.ndarray, np.ndarray]:
    """Each picture's best objectness, and the IoU of that box with the truth (0 without one)."""
    best, fit = [], []
    network.eval()
    with torch.no_grad():
        for sample in samples:
            raw = network(torch.from_numpy(plain(sample.picture))[None])[0]
            y, x = divmod(int(raw[0].argmax()), CELLS)
            best.append(float(torch.sigmoid(raw[0, y, x])))
            truth = None if sample.box is None else torch.from_numpy(sample.box)
            fit.append(0.0 if truth is None else _iou(decoded(raw[1:, y, x], x, y), truth))
    return np.array(best), np.array(fit)


def summary(network: Detector, samples: list[Sample]) -> str:
    """One line: area under the curve of pictures with against without, recall, thresholds."""
    best, fit = scores(network, samples)
    there = np.array([s.box is not None for s in samples])
    auc = float((best[there][:, None] > best[~there][None]).mean())
    parts = [f"auc {auc:.3f}", f"iou {np.median(fit[there]):.2f}"]
    for share in (0.02, 0.1):
        bar = float(np.quantile(best[~there], 1 - share))
        hit = (best[there] > bar) & (fit[there] > 0.3)
        parts.append(f"recall at {share:.0%}: {hit.mean():.2f} (bar {bar:.2f})")
    return ", ".join(parts)


def _iou(one: Tensor, other: Tensor) -> float:
    inner = (
        (torch.minimum(one[2:], other[2:]) - torch.maximum(one[:2], other[:2])).clamp(min=0).prod()
    )
    union = (one[2:] - one[:2]).prod() + (other[2:] - other[:2]).prod() - inner
    return float(inner / union)


def _cells(box: np.ndarray) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Cells (y, x) that answer for a box, and those near its centre that may say what they like."""
    cx, cy = (box[0] + box[2]) / 2 * CELLS, (box[1] + box[3]) / 2 * CELLS
    near = [(y, x) for y in (int(cy), int(cy) + 1) for x in (int(cx), int(cx) + 1)]
    cells = [(y, x) for y, x in near if y < CELLS and x < CELLS]
    half_w, half_h = (box[2] - box[0]) / 5 * CELLS + 1, (box[3] - box[1]) / 5 * CELLS + 1
    quiet = [
        (y, x)
        for y in range(max(0, int(cy - half_h)), min(CELLS, int(cy + half_h) + 1))
        for x in range(max(0, int(cx - half_w)), min(CELLS, int(cx + half_w) + 1))
    ]
    return cells, quiet


def _pools(samples: list[Sample]) -> dict[str, list[Sample]]:
    """Pictures with an e-bike, with a thing that might pass for one, and with neither."""
    pools: dict[str, list[Sample]] = {"ebike": [], "thing": [], "neither": []}
    for sample in samples:
        if sample.box is not None:
            pools["ebike"].append(sample)
        else:
            thing = bool(sample.kinds) and sample.kinds[0] in harmless.KINDS
            pools["thing" if thing else "neither"].append(sample)
    return pools


def _batch(
    pools: dict[str, list[Sample]],
    size: int,
    negatives: float,
    things: float,
    rng: np.random.Generator,
) -> tuple[Tensor, list[np.ndarray | None]]:
    """Things are few among the negatives, and most taken for an e-bike: draw more of them."""
    pairs = []
    for _ in range(size):
        draw = rng.random()
        name = "thing" if draw < negatives * things else "neither" if draw < negatives else "ebike"
        pool = pools[name]
        pairs.append(disturbed(pool[int(rng.integers(len(pool)))], rng))
    pictures = torch.from_numpy(np.stack([p for p, _ in pairs]))
    # twice as fast on a CPU: the network is mostly 1x1 convolutions
    return pictures.to(memory_format=torch.channels_last), [b for _, b in pairs]


def _optimiser(network: Detector, rate: float) -> torch.optim.Optimizer:
    heads = [p for name, p in network.named_parameters() if not name.startswith("backbone.")]
    groups = [
        {"params": list(network.backbone.parameters()), "lr": rate * BACKBONE_RATE},
        {"params": heads, "lr": rate},
    ]
    return torch.optim.AdamW(groups, weight_decay=1e-3)


def _follow(average: Detector, network: Detector, keep: float) -> None:
    with torch.no_grad():
        for old, new in zip(average.parameters(), network.parameters(), strict=True):
            old.mul_(keep).add_(new, alpha=1 - keep)


if __name__ == "__main__":
    main()
