"""The network: ShuffleNetV2, one fused map at stride 16, spatial pyramid, two decoupled heads.

The layout, and so the names of the parameters, are FastestDet's (BSD-3-Clause), so that its public
weights are the starting point; the class head is gone, there is one class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from pathlib import Path

STRIDE = 16
STAGES = ((4, 48), (8, 96), (4, 192))


class Detector(nn.Module):
    """(n, 3, h, w) BGR 0..1 to (n, 5, h/16, w/16): objectness (a logit), four box terms."""

    def __init__(self) -> None:
        super().__init__()
        self.backbone = _Backbone()
        self.SPP = _Pyramid(48 + 96 + 192, 96)
        self.detect_head = _Heads(96)

    def forward(self, pictures: Tensor) -> Tensor:
        """See the class."""
        fine, middle, coarse = self.backbone(pictures)
        fine = nn.functional.avg_pool2d(fine, 3, 2, 1)
        coarse = nn.functional.interpolate(coarse, scale_factor=2.0, mode="nearest")
        return self.detect_head(self.SPP(torch.cat((fine, middle, coarse), 1)))  # type: ignore[no-any-return]


class Exported(nn.Module):
    """What the ONNX file holds: (n, 6, h/16, w/16), objectness 0..1, box terms, the class's 1."""

    def __init__(self, detector: Detector) -> None:
        super().__init__()
        self.detector = detector

    def forward(self, pictures: Tensor) -> Tensor:
        """See the class."""
        raw = self.detector(pictures)
        sure = torch.sigmoid(raw[:, :1])
        return torch.cat((sure, raw[:, 1:], sure * 0 + 1), 1)


def from_public_weights(path: Path) -> Detector:
    """A detector that starts at FastestDet's public weights; raises when any layer is missing."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    wanted = {name: value for name, value in state.items() if "cls_layers" not in name}
    network = Detector()
    network.load_state_dict(wanted, strict=True)
    return network


def _conv(inside: int, outside: int, kernel: int, *, stride: int = 1, groups: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inside, outside, kernel, stride, kernel // 2, groups=groups, bias=False)


class _Block(nn.Module):
    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        half = outside // 2
        self.stride = stride
        into = inside if stride == 2 else half
        self.branch_main = nn.Sequential(
            _conv(into, half, 1),
            nn.BatchNorm2d(half),
            nn.ReLU(inplace=True),
            _conv(half, half, 3, stride=stride, groups=half),
            nn.BatchNorm2d(half),
            _conv(half, outside - half if stride == 1 else half, 1),
            nn.BatchNorm2d(half),
            nn.ReLU(inplace=True),
        )
        if stride == 2:
            self.branch_proj = nn.Sequential(
                _conv(into, into, 3, stride=2, groups=into),
                nn.BatchNorm2d(into),
                _conv(into, half, 1),
                nn.BatchNorm2d(half),
                nn.ReLU(inplace=True),
            )

    def forward(self, x: Tensor) -> Tensor:
        if self.stride == 2:
            return torch.cat((self.branch_proj(x), self.branch_main(x)), 1)
        return torch.cat((x[:, 0::2], self.branch_main(x[:, 1::2])), 1)


class _Backbone(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first_conv = nn.Sequential(
            _conv(3, 24, 3, stride=2), nn.BatchNorm2d(24), nn.ReLU(inplace=True)
        )
        inside = 24
        for number, (repeats, outside) in enumerate(STAGES, start=2):
            blocks = [
                _Block(inside, outside, 2),
                *(_Block(outside, outside, 1) for _ in range(repeats - 1)),
            ]
            setattr(self, f"stage{number}", nn.Sequential(*blocks))
            inside = outside

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = nn.functional.max_pool2d(self.first_conv(x), 3, 2, 1)
        fine = self.stage2(x)
        middle = self.stage3(fine)
        return fine, middle, self.stage4(middle)


class _Pointwise(nn.Module):
    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.conv1x1 = nn.Sequential(
            _conv(inside, outside, 1), nn.BatchNorm2d(outside), nn.ReLU(inplace=True)
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.conv1x1(x)  # type: ignore[no-any-return]


def _deep(width: int, times: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    for _ in range(times):
        layers += [
            _conv(width, width, 5, groups=width),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
        ]
    return nn.Sequential(*layers)


class _Pyramid(nn.Module):
    def __init__(self, inside: int, width: int) -> None:
        super().__init__()
        self.Conv1x1 = _Pointwise(inside, width)
        self.S1, self.S2, self.S3 = _deep(width, 1), _deep(width, 2), _deep(width, 3)
        self.output = nn.Sequential(_conv(3 * width, width, 1), nn.BatchNorm2d(width))

    def forward(self, x: Tensor) -> Tensor:
        x = self.Conv1x1(x)
        return torch.relu(x + self.output(torch.cat((self.S1(x), self.S2(x), self.S3(x)), 1)))


class _Head(nn.Module):
    def __init__(self, width: int, outside: int) -> None:
        super().__init__()
        self.conv5x5 = nn.Sequential(
            _conv(width, width, 5, groups=width),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            _conv(width, outside, 1),
            nn.BatchNorm2d(outside),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.conv5x5(x)  # type: ignore[no-any-return]


class _Heads(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1x1 = _Pointwise(width, width)
        self.obj_layers, self.reg_layers = _Head(width, 1), _Head(width, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1x1(x)
        return torch.cat((self.obj_layers(x), self.reg_layers(x)), 1)
