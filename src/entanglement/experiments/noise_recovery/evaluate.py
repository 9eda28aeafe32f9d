"""Hide a picture in noise, and recover it with the outputs of several probes."""

import numpy as np
import xarray as xr

from entanglement.experiments.noise_recovery import Evaluate, Train, quality
from entanglement.networks import ensemble
from entanglement.pipeline.images import ImageFile, load
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds

CHUNK = 64  # networks whose pictures are in memory


def evaluate(model: xr.Dataset, cell: Cell[Train, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Follow Fig. 9 at every layer: y = m + alpha u_l, recovered = y - alpha w'_l / |w'_l|.

    All probes go through one call, so that they share each network's weights: the picture,
    then as controls noise, a constant picture, another picture, and more noise.

    Parameters
    ----------
    model
        What `train` made (on Gaussian samples: the network has seen no picture).
    cell
        Strength of the noise, pictures and their scale.
    seeds
        The model's random streams.

    Returns
    -------
    cotangent and rms (network, layer, probe); psnr, ssim, correlation of what the picture's
    output recovers, and those of the noisy picture (network, layer); message_picture (pixel); unit vectors
    of one network of each sign (example, layer, pixel), from which every picture follows.
    """
    p = cell.evaluate
    message, networks = _pixels(p.message, p.pixels), model.sizes["network"]
    probes = _probes(model, p, seeds)
    depth, k = model.sizes["layer"] - 1, message.size
    cotangent = np.empty((networks, depth + 1, probes.shape[1]))
    scores = {name: np.empty((networks, depth + 1)) for name in SCORES}
    reference, overlap = np.empty((2, networks, depth + 1))
    picked = np.full((2, 2, depth + 1, k), np.nan, dtype=np.float32)
    for start in range(0, networks, CHUNK):
        part = slice(start, min(start + CHUNK, networks))
        own = ensemble.whole(model.isel(network=part))
        cotangent[part] = ensemble.propagate(own, probes[part])["cotangent"].values
        seen = cotangent[: part.stop, -1, 0]
        chosen = [_first(seen > 0), _first(seen < 0)]
        # The picture is the first probe: it moves as it did beside the others.
        for layer in ensemble.walk(own, probes[part, :1]):
            u, v = layer.direction, layer.probe_directions()[:, 0]
            noisy = message + p.alpha * u
            for name, values in _score(message, noisy, noisy - p.alpha * v).items():
                scores[name][part, layer.index] = values
            reference[part, layer.index] = np.sign(u[:, 0] * v[:, 0])
            overlap[part, layer.index] = u @ message / np.linalg.norm(message)
            for number, network in enumerate(chosen):
                if network is not None and part.start <= network < part.stop:
                    picked[0, number, layer.index] = u[network - start]
                    picked[1, number, layer.index] = v[network - start]
    # Error per pixel alpha |u - v| / sqrt k with |u - v| = 2 sin(phi / 2): exact where the
    # difference of two nearly equal vectors has lost its digits.
    half = np.arctan2(1.0, cotangent) / 2
    rms = p.alpha * 2 * np.sin(half) / np.sqrt(k)
    kinds = {"probes": "0 image, 1 noise, 2 constant, 3 other picture, 4... noise"}
    examples = {"examples": "0 right sign, 1 wrong sign; NaN if no network has it"}
    return xr.Dataset(
        {
            "cotangent": (
                ("network", "layer", "probe"), cotangent,
                _attrs("cotangent of the angle between training sample and probe") | kinds,
            ),
            "rms": (
                ("network", "layer", "probe"), rms,
                _attrs("root mean square error of the recovered picture") | kinds,
            ),
            "reference_sign": (
                ("network", "layer"), reference,
                _attrs("sign of the first entry of u_l times that of the picture's output"),
            ),
            "overlap": (
                ("network", "layer"), overlap, _attrs("u_l . m / |m|, what a matched filter sees"),
            ),
            **{
                name: (("network", "layer"), values, _attrs(*SCORES[name]))
                for name, values in scores.items()
            },
            "message_picture": (("pixel",), message, _attrs("hidden picture m")),
            "probe_picture": (("pixel",), probes[0, 0], _attrs("picture used as the probe")),
            "training_direction": (
                ("example", "layer", "pixel"), picked[0],
                _attrs("unit vector u_l of the training sample, in single precision") | examples,
            ),
            "probe_direction": (
                ("example", "layer", "pixel"), picked[1],
                _attrs("unit vector w'_l / |w'_l| of the picture, in single precision") | examples,
            ),
        },
        coords={
            "network": np.arange(networks), "layer": np.arange(depth + 1),
            "probe": np.arange(probes.shape[1]), "pixel": np.arange(k), "example": np.arange(2),
        },
    )  # fmt: skip


SCORES = {
    "psnr": ("peak signal-to-noise ratio of the recovered picture, clipped to [0, 1]", "dB"),
    "ssim": ("structural similarity of the recovered picture, clipped to [0, 1]", "1"),
    "correlation": ("correlation of the recovered picture with the message", "1"),
    "psnr_noisy": ("peak signal-to-noise ratio of the noisy picture, clipped to [0, 1]", "dB"),
    "correlation_noisy": ("correlation of the noisy picture with the message", "1"),
}


def _score(message: np.ndarray, noisy: np.ndarray, recovered: np.ndarray) -> dict[str, np.ndarray]:
    original, clipped = quality.shown(message), quality.shown(recovered)
    size = int(np.sqrt(message.size))
    similar = np.full(len(recovered), np.nan)  # pictures under 7 x 7 have no SSIM
    if size >= quality.WINDOW:
        similar = quality.ssim(original.reshape(size, size), clipped.reshape(-1, size, size))
    return {
        "psnr": quality.psnr(original, clipped),
        "ssim": similar,
        "correlation": quality.correlation(message, recovered),
        "psnr_noisy": quality.psnr(original, quality.shown(noisy)),
        "correlation_noisy": quality.correlation(message, noisy),
    }


def _probes(model: xr.Dataset, parameters: Evaluate, seeds: Seeds) -> np.ndarray:
    """Shape (networks, 3 + noises, k), the picture first: see `probes`."""
    p = parameters
    image, other = _pixels(p.image, p.pixels), _pixels(p.other, "raw")
    noise = ensemble.gaussian_probes(model, seeds, p.noises)
    # A constant picture has no z-score: its columns do not vary. It stays raw.
    constant = np.full(image.size, 0.5)
    rows = []
    for network in range(model.sizes["network"]):
        own = noise(network)
        rows.append(np.stack([image, own[0], constant, other, *own[1:]]))
    return np.stack(rows)


def _pixels(picture: ImageFile, pixels: str) -> np.ndarray:
    values = load(picture)
    return (quality.zscore(values) if pixels == "zscore" else values).ravel()


def _first(condition: np.ndarray) -> int | None:
    return int(np.argmax(condition)) if condition.any() else None


def _attrs(long_name: str, units: str = "1") -> dict[str, str]:
    return {"long_name": long_name, "units": units}
