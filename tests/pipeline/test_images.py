"""Any picture of the user's becomes a grey square, or an error that says what to do."""

import hashlib

import numpy as np
import pytest
from PIL import Image
from pydantic import ValidationError

from entanglement.pipeline.images import ImageFile, load


@pytest.fixture
def saved(tmp_path):
    def save(values, name="picture.png", **options):
        path = tmp_path / name
        Image.fromarray(np.asarray(values)).save(path, **options)
        return str(path)

    return save


def ramp(height, width):
    return (np.arange(height * width) % 256).astype(np.uint8).reshape(height, width)


def test_a_bare_path_is_enough_and_the_checksum_is_filled_in(saved):
    path = saved(ramp(10, 10))
    image = ImageFile.model_validate(path)
    assert image.size == 50
    assert image.crop is None
    assert image.sha256 == hashlib.sha256(image.file.read_bytes()).hexdigest()
    assert ImageFile.model_validate(image.model_dump()) == image


def test_grey_values_survive_unchanged_at_their_own_size(saved):
    values = ramp(12, 12)
    grey = load(ImageFile(path=saved(values), size=12))
    np.testing.assert_allclose(grey, values / 255, atol=1e-7)


@pytest.mark.parametrize("shape", [(7, 7), (64, 33), (33, 65), (2, 2)])
def test_any_shape_becomes_a_square_in_the_unit_interval(saved, shape):
    grey = load(ImageFile(path=saved(ramp(*shape)), size=13))
    assert grey.shape == (13, 13)
    assert grey.min() >= 0
    assert grey.max() <= 1


def test_reduction_is_the_mean_over_boxes_of_the_crop(saved):
    values = ramp(20, 30)
    grey = load(ImageFile(path=saved(values), size=2, crop=(4, 2, 12, 10)))
    boxes = values[2:10, 4:12].reshape(2, 4, 2, 4).mean(axis=(1, 3)) / 255
    np.testing.assert_allclose(grey, boxes, atol=1e-6)


def test_sixteen_bits_colour_transparency_and_one_bit(saved, tmp_path):
    deep = saved(np.full((4, 4), 32768, dtype=np.uint16), "deep.png")
    np.testing.assert_allclose(load(ImageFile(path=deep, size=4)), 32768 / 65535, atol=1e-6)
    colour = saved(np.full((4, 4, 3), (255, 0, 0), dtype=np.uint8), "colour.png")
    np.testing.assert_allclose(load(ImageFile(path=colour, size=4)), 76 / 255, atol=1e-6)
    clear = saved(np.zeros((4, 4, 4), dtype=np.uint8), "clear.png")
    np.testing.assert_allclose(load(ImageFile(path=clear, size=4)), 1)
    bits = tmp_path / "bits.png"
    Image.fromarray(np.eye(4, dtype=np.uint8) * 255).convert("1").save(bits)
    np.testing.assert_allclose(load(ImageFile(path=str(bits), size=4)), np.eye(4))


def test_pictures_of_the_paper_are_found_from_any_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load(ImageFile.model_validate("data/images/panda.png")).shape == (50, 50)


def test_a_changed_file_is_refused(saved):
    path = saved(ramp(10, 10))
    image = ImageFile(path=path)
    saved(ramp(10, 10) + 1)
    with pytest.raises(ValueError, match="as when the run was planned"):
        load(image)
    with pytest.raises(ValidationError, match="as when the run was planned"):
        ImageFile.model_validate(image.model_dump())


def broken(tmp_path, kind):
    path = tmp_path / "bad.png"
    if kind == "missing":
        return str(path)
    Image.fromarray(np.zeros((1, 1) if kind == "one pixel" else (90, 90), np.uint8)).save(path)
    if kind == "truncated":
        noise = np.random.default_rng(1).integers(0, 256, (90, 90), dtype=np.uint8)
        Image.fromarray(noise).save(path)
        path.write_bytes(path.read_bytes()[:2000])
    if kind == "text":
        path.write_text("not a picture")
    if kind in ("bomb", "wide"):
        side = 20_000 if kind == "bomb" else 10_001
        Image.new("1", (side, 20_000 if kind == "bomb" else 2)).save(path)
    return str(path)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("missing", "no such file"),
        ("truncated", "incomplete or damaged"),
        ("text", "not an image"),
        ("one pixel", "1 x 1 pixels"),
        ("wide", "10001 x 2 pixels"),
        ("bomb", "save a smaller copy"),
    ],
)
def test_bad_files_are_named_with_what_to_do(tmp_path, kind, message):
    with pytest.raises(ValidationError, match=message):
        ImageFile.model_validate(broken(tmp_path, kind))


@pytest.mark.parametrize("crop", [(0, 0, 11, 10), (5, 5, 6, 9), (8, 0, 2, 10)])
def test_a_crop_outside_the_picture_is_refused(saved, crop):
    with pytest.raises(ValidationError, match="inside the picture"):
        ImageFile(path=saved(ramp(10, 10)), crop=crop)


@pytest.mark.parametrize(
    "keys", [{"size": 1}, {"size": 1000}, {"size": "50"}, {"colour": True}, {"crop": (1, 2)}]
)
def test_keys_out_of_range_or_unknown_are_refused(saved, keys):
    with pytest.raises(ValidationError):
        ImageFile(path=saved(ramp(10, 10)), **keys)
