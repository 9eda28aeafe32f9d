"""Any picture of the user's becomes a grey square, or an error that says what to do."""

import hashlib
import io
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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
    if kind == "floats":
        Image.fromarray(np.full((9, 9), 0.5, np.float32)).save(path, "TIFF")
    if kind == "32 bits":
        Image.fromarray(np.full((9, 9), 40_000, np.int32)).save(path, "TIFF")
    if kind == "frames":
        frames = [Image.new("L", (9, 9), grey) for grey in (0, 90, 255)]
        frames[0].save(path, "GIF", save_all=True, append_images=frames[1:])
    if kind == "drawing":
        Image.new("L", (9, 9)).save(path, "EPS")
    if kind == "pages":
        path.write_bytes(b"%PDF-1.4\n%%EOF\n")
    if kind == "gigabytes":
        with path.open("r+b") as file:
            file.truncate(5_000_000_000)  # sparse: no disk is filled
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
        ("floats", "32-bit numbers of unknown range"),
        ("32 bits", "32-bit numbers of unknown range"),
        ("frames", "holds 3 frames or pages; save the one that is meant"),
        ("drawing", "EPS is a drawing; save it as PNG"),
        ("pages", "not an image"),
        ("gigabytes", "5000 MB; files of at most 400 MB"),
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


@pytest.mark.parametrize("name", ["{x}.png", "a<b>.png", "{wildcards}/x.png"])
def test_names_that_a_workflow_reads_as_patterns_are_refused(name):
    with pytest.raises(ValidationError, match="rename it without"):
        ImageFile(path=name)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright_as_its_camera_noted(tmp_path, orientation):
    values = ramp(8, 8) // 2 + np.eye(8, dtype=np.uint8) * 100
    exif = Image.Exif()
    exif[274] = orientation
    Image.fromarray(values).save(tmp_path / "photo.png", exif=exif)
    turned = {
        1: values, 2: values[:, ::-1], 3: values[::-1, ::-1], 4: values[::-1],
        5: values.T, 6: values[::-1].T, 7: values[::-1, ::-1].T, 8: values[:, ::-1].T,
    }  # fmt: skip
    grey = load(ImageFile(path=str(tmp_path / "photo.png"), size=8))
    np.testing.assert_allclose(grey, turned[orientation] / 255, atol=1e-6)


@pytest.mark.parametrize("name", ["deep.png", "deep.tif", "deep.pgm"])
def test_every_format_of_sixteen_bits_has_the_same_scale(saved, name):
    values = np.arange(0, 65536, 1024, dtype=np.uint16).reshape(8, 8)
    grey = load(ImageFile(path=saved(values, name), size=8))
    np.testing.assert_allclose(grey, values / 65535, atol=1e-6)


FORMATS = {"PNG": ("L", "RGB", "RGBA", "LA", "P", "1", "I;16"), "TIFF": ("L", "RGB", "CMYK", "I;16"),
           "JPEG": ("L", "RGB", "CMYK"), "BMP": ("L", "RGB", "1"), "WEBP": ("RGB", "RGBA"),
           "PPM": ("L", "RGB", "1"), "GIF": ("L", "P"), "TGA": ("L", "RGB", "RGBA")}  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    kind=st.sampled_from([(name, mode) for name, modes in FORMATS.items() for mode in modes]),
    width=st.integers(1, 40),
    height=st.integers(1, 40),
    size=st.integers(2, 12),
    harm=st.sampled_from(["none", "none", "cut", "flip", "append"]),
    where=st.floats(0, 1),
    orientation=st.integers(0, 9),
)
def test_any_file_is_a_grey_square_or_one_clear_message(
    kind, width, height, size, harm, where, orientation
):
    name, mode = kind
    pixels = np.random.default_rng(width).integers(0, 256, (height, width, 4), dtype=np.uint8)
    picture = Image.fromarray(pixels, "RGBA")
    if mode == "I;16":
        picture = Image.fromarray(pixels[..., 0].astype(np.uint16) * 257)
    exif = Image.Exif()
    exif[274] = orientation
    file = io.BytesIO()
    picture = picture if mode == "I;16" else picture.convert("RGB").convert(mode)
    options = {"exif": exif} if name in ("PNG", "JPEG", "WEBP", "TIFF") else {}
    picture.save(file, name, **options)
    content = bytearray(file.getvalue())
    at = int(where * (len(content) - 1))
    if harm == "cut":
        del content[at:]
    elif harm == "flip":
        content[at] ^= 1 << at % 8
    elif harm == "append":
        content += b"rest"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture"
        path.write_bytes(content)
        try:
            grey = load(ImageFile(path=str(path), size=size))
        except ValidationError as error:
            (problem,) = error.errors()
            assert "image '" in problem["msg"], problem
            assert harm != "none" or min(width, height) < 2
        else:
            assert grey.shape == (size, size)
            assert grey.min() >= 0
            assert grey.max() <= 1
