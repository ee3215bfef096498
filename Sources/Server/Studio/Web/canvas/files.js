// From tiles to files and back. Only alphas of 0 and 255 go through a canvas together with colours, and a mask has no
// colours: so premultiplying, which a canvas does, changes nothing.

const context = (width, height) => new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true, colorSpace: "srgb" });

const asFile = (context) => context.canvas.convertToBlob({ type: "image/png" });

/// A mask as the API wants it: transparent where the picture is drawn anew.
export function maskFile(mask, area) {
  const bytes = mask.read(area);
  const image = new ImageData(area.width, area.height);
  for (let i = 0; i < bytes.length; i++) image.data[i * 4 + 3] = 255 - bytes[i];
  const target = context(area.width, area.height);
  target.putImageData(image, 0, 0);
  return asFile(target);
}

/// A part of a picture plane, transparent where nothing is.
export function pictureFile(tiles, area) {
  const target = context(area.width, area.height);
  target.putImageData(new ImageData(tiles.read(area), area.width, area.height), 0, 0);
  return asFile(target);
}

/// The pixels of a bitmap. A pixel is wholly there or not at all.
export function pixelsOf(bitmap) {
  const target = context(bitmap.width, bitmap.height);
  target.drawImage(bitmap, 0, 0);
  const { data } = target.getImageData(0, 0, bitmap.width, bitmap.height);
  for (let i = 3; i < data.length; i += 4) {
    if (data[i] === 255) continue;
    if (data[i] >= 128) data[i] = 255;
    else data[i] = data[i - 1] = data[i - 2] = data[i - 3] = 0;
  }
  return data;
}
