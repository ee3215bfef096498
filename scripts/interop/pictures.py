"""Draws a folder of small captioned pictures: something to learn from where there is no data."""

import itertools
import pathlib
import sys

from PIL import Image, ImageDraw

SIDE = 128
COLORS = {
    "red": (214, 40, 40), "orange": (244, 140, 36), "yellow": (250, 219, 64), "green": (56, 158, 77),
    "blue": (41, 102, 209), "purple": (128, 66, 173), "pink": (247, 173, 204), "brown": (122, 79, 51),
}
SHAPES = {
    "circle": lambda pen, box, fill: pen.ellipse(box, fill=fill),
    "square": lambda pen, box, fill: pen.rectangle(box, fill=fill),
    "triangle": lambda pen, box, fill: pen.polygon([(box[0], box[3]), (box[2], box[3]), ((box[0] + box[2]) / 2, box[1])], fill),
    "diamond": lambda pen, box, fill: pen.regular_polygon(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, (box[2] - box[0]) / 2), 4, 45, fill),
    "star": lambda pen, box, fill: [pen.regular_polygon(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, (box[2] - box[0]) / 2), 3, turn, fill) for turn in (0, 60)],
}
SIZES = {"small": 0.28, "big": 0.72}

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True)
for number, (color, shape, size) in enumerate(itertools.product(COLORS, SHAPES, SIZES)):
    picture = Image.new("RGBA", (SIDE, SIDE))
    half = SIDE * SIZES[size] / 2
    SHAPES[shape](ImageDraw.Draw(picture), (SIDE / 2 - half, SIDE / 2 - half, SIDE / 2 + half, SIDE / 2 + half), COLORS[color])
    picture.save(folder / f"{number:03}.png")
    (folder / f"{number:03}.txt").write_text(f"a {size} {color} {shape}\na {shape} in {color}\n")
