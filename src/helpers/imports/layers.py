"""Files of shapes: GeoJSON, shapefiles, GeoPackages, and a zip with a shapefile."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.errors import InputError, Problem

if TYPE_CHECKING:
    import geopandas as gpd

#: Suffixes of layers.
LAYERS = (".geojson", ".json", ".shp", ".gpkg")


def is_layer(path: Path) -> bool:
    """Whether a file holds shapes, by its name or what is packed in it."""
    if path.suffix.lower() in LAYERS:
        return True
    held = zipfile.ZipFile(path).namelist() if path.suffix.lower() == ".zip" and zipfile.is_zipfile(path) else []
    return any(name.lower().endswith(".shp") for name in held)


def read_layer(path: Path) -> gpd.GeoDataFrame:
    """Read the shapes of a file with what it says of them.

    Raises
    ------
    InputError
        If there is no such file, or it cannot be read.
    """
    import geopandas as gpd

    if not path.is_file():
        raise InputError([Problem(path.name, "the file does not exist", "give the path of the file")])
    try:
        frame = gpd.read_file(path)
    except Exception as error:  # whatever the reader of layers makes of a broken file
        raise InputError([Problem(path.name, f"the layer cannot be read ({error})", "save it again")]) from error
    # A file without shapes is a table.
    return frame if isinstance(frame, gpd.GeoDataFrame) else gpd.GeoDataFrame(frame, geometry=[None] * len(frame))
