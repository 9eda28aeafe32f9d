"""Pictures as parameters: any image file becomes a small grey square with values in [0, 1]."""

import hashlib
import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from entanglement.pipeline.home import home
from entanglement.pipeline.parameters import Integer, Parameters

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

LARGEST_SIDE = 10_000  # pixels; beyond it a small file can unpack to gigabytes
LARGEST_FILE = 400_000_000  # bytes; the largest picture with four uncompressed channels

Edge = Annotated[Integer, Field(ge=0, le=LARGEST_SIDE)]


class ImageFile(Parameters):
    """A picture; in a configuration its path alone is enough."""

    path: str = Field(
        min_length=1,
        description="Image file of any format that Pillow reads, relative to the working "
        "directory, or else to the directory that holds the workflow (where the pictures of "
        "the papers are).",
    )
    size: Integer = Field(
        default=50,
        ge=2,
        le=512,
        description="Side of the grey square that it is reduced to, in pixels.",
    )
    crop: tuple[Edge, Edge, Edge, Edge] | None = Field(
        default=None,
        description="Left, top, right and bottom edge of the part to use, in pixels of the "
        "file; all of it by default. Of a part that is not square, the largest centred "
        "square is used.",
    )
    sha256: str = Field(
        default="",
        pattern="^([0-9a-f]{64})?$",
        description="Checksum of the file: filled in when the parameters are checked, compared "
        "if given.",
    )

    @model_validator(mode="before")
    @classmethod
    def _from_path(cls, given: Any) -> Any:
        return {"path": given} if isinstance(given, str) else given

    @field_validator("path")
    @classmethod
    def _plain(cls, path: str) -> str:
        if found := sorted(set(path) & set("{}<>")):
            raise ValueError(
                f"image {path!r}: rename it without {' '.join(found)}: a workflow reads names with "
                "braces or angle brackets as patterns"
            )
        return path

    @field_validator("sha256")
    @classmethod
    def _readable(cls, checksum: str, info: ValidationInfo) -> str:
        if not {"path", "size", "crop"} <= info.data.keys():
            return checksum  # their own errors are reported
        content = _content(info.data["path"], checksum)
        _square(content, info.data["path"], info.data["crop"])
        return hashlib.sha256(content).hexdigest()

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        """Let the configuration's schema accept a bare path, as `_from_path` does."""
        return {"anyOf": [{"type": "string"}, handler(core)]}

    @property
    def file(self) -> Path:
        """Where the file is on this machine."""
        return locate(self.path)

    def resized(self, size: int) -> Self:
        """Give the same picture at another size."""
        return self.model_copy(update={"size": size})


def locate(path: str) -> Path:
    """Find an image file: in the working directory, else beside the workflow.

    Parameters
    ----------
    path
        As written in the configuration.

    Raises
    ------
    ValueError
        There is no such file.
    """
    workflow = home()
    for candidate in (Path(path), workflow / path):
        if candidate.is_file():
            return candidate
    raise ValueError(
        f"image {path!r}: no such file in {Path.cwd()} or {workflow}; "
        "give the path of an existing picture"
    )


def load(image: ImageFile) -> "np.ndarray":
    """Read a picture as grey values.

    Turned upright as the camera noted; colours become ITU-R 601 luma, transparent parts white,
    and the square is reduced to `image.size` by averaging over boxes.

    Parameters
    ----------
    image
        Which file, which part of it, and the size wanted.

    Returns
    -------
    Grey values from 0 (black) to 1 (white), shape (size, size), row 0 at the top.

    Raises
    ------
    ValueError
        The file is missing, is no complete image, has an unsuitable size, or is not the one
        that the parameters were checked with.
    """
    import numpy as np
    from PIL import Image

    square = _square(_content(image.path, image.sha256), image.path, image.crop)
    if square.size != (image.size, image.size):
        square = square.resize((image.size, image.size), Image.Resampling.BOX)
    return np.clip(np.asarray(square, dtype=float), 0.0, 1.0)


def _content(path: str, checksum: str) -> bytes:
    file = locate(path)
    size = file.stat().st_size
    if size > LARGEST_FILE:
        raise ValueError(
            f"image {path!r}: {size / 1e6:.0f} MB; files of at most {LARGEST_FILE / 1e6:.0f} MB "
            "are read, save a smaller copy"
        )
    content = file.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if checksum and found != checksum:
        raise ValueError(
            f"image {path!r}: its sha256 is {found[:12]}..., not {checksum[:12]}... as when the "
            "run was planned; put the file back, or start the run again"
        )
    return content


def _square(content: bytes, path: str, crop: tuple[int, int, int, int] | None) -> "Image.Image":
    """Decode the part of a picture that is used, as 32-bit grey values in [0, 1]."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    with warnings.catch_warnings():
        # Pillow only warns between one and two times its limit; our own limit is below.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            picture: Image.Image = Image.open(io.BytesIO(content))  # reads the header only
            kind = picture.format
            _one_bitmap(picture, path)
            if max(picture.size) <= LARGEST_SIDE:
                picture.load()
                ImageOps.exif_transpose(picture, in_place=True)
        except UnidentifiedImageError:
            raise ValueError(
                f"image {path!r}: not an image that can be read; save it as PNG or JPEG"
            ) from None
        except Image.DecompressionBombError:
            raise ValueError(
                f"image {path!r}: too large; sides of 2 to {LARGEST_SIDE} pixels are allowed, "
                "save a smaller copy"
            ) from None
        except _Unsuitable:
            raise
        except (OSError, SyntaxError, ValueError, OverflowError) as error:
            raise ValueError(
                f"image {path!r}: incomplete or damaged ({error}); replace the file"
            ) from None
    width, height = picture.size
    if min(width, height) < 2 or max(width, height) > LARGEST_SIDE:
        raise ValueError(
            f"image {path!r}: it is {width} x {height} pixels; sides of 2 to {LARGEST_SIDE} "
            "pixels are allowed"
        )
    left, top, right, bottom = crop or (0, 0, width, height)
    if not (left + 2 <= right <= width and top + 2 <= bottom <= height):
        raise ValueError(
            f"image {path!r}: crop {list(crop or ())} is no part of at least 2 x 2 of its "
            f"{width} x {height} pixels; give [left, top, right, bottom] inside the picture"
        )
    side = min(right - left, bottom - top)
    left, top = left + (right - left - side) // 2, top + (bottom - top - side) // 2
    square = picture.crop((left, top, left + side, top + side))
    # Pillow brings PPM of any depth to 16 bits.
    deep = square.mode.startswith("I;16") or (square.mode == "I" and kind == "PPM")
    return _grey(square, path, deep)


class _Unsuitable(ValueError):
    """A file that can be read, and holds no single bitmap."""


def _one_bitmap(picture: "Image.Image", path: str) -> None:
    """Refuse drawings, which a program of their own would have to paint, and several pictures."""
    if picture.format in ("EPS", "WMF"):
        raise _Unsuitable(f"image {path!r}: {picture.format} is a drawing; save it as PNG")
    # A camera's MPO holds previews behind the picture.
    frames = getattr(picture, "n_frames", 1) if picture.format != "MPO" else 1
    if frames > 1:
        raise _Unsuitable(
            f"image {path!r}: it holds {frames} frames or pages; save the one that is meant as a "
            "file of its own"
        )


def _grey(picture: "Image.Image", path: str, deep: bool) -> "Image.Image":
    from PIL import Image

    if deep:  # 16 bits a pixel; converting to "L" would clip them
        return picture.convert("F").point(lambda value: value * (1 / 65535) + 0.0)
    if picture.mode in ("I", "F"):
        raise ValueError(
            f"image {path!r}: its pixels are 32-bit numbers of unknown range; save it with 8 or "
            "16 bits a pixel"
        )
    if picture.has_transparency_data:
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture.convert("RGBA"))
    return picture.convert("L").convert("F").point(lambda value: value * (1 / 255) + 0.0)
