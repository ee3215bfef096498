// Which part of the endless plane is on the screen, and how large. Drawing happens once a frame, when something asked.

const least = 0.02;
const most = 32;

export class View {
  scale = 1;
  x = 0; // where the plane's origin is on the screen, in CSS pixels
  y = 0;
  width = 0;
  height = 0;
  #asked = false;

  constructor(canvas, draw, signal) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: true });
    this.draw = draw;
    this.onFirstSize = null;
    const observer = new ResizeObserver(() => this.#resize());
    observer.observe(canvas);
    signal?.addEventListener("abort", () => observer.disconnect());
  }

  get ratio() {
    return Math.min(devicePixelRatio || 1, 2);
  }

  #resize() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth || !clientHeight) return;
    const first = this.width === 0;
    this.x += (clientWidth - this.width) / 2;
    this.y += (clientHeight - this.height) / 2;
    this.width = clientWidth;
    this.height = clientHeight;
    this.canvas.width = Math.round(clientWidth * this.ratio);
    this.canvas.height = Math.round(clientHeight * this.ratio);
    if (first) this.onFirstSize?.();
    this.#paint();
  }

  /// Asks for one drawing in the next frame.
  refresh() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    this.#asked = false;
    const { context, canvas } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    this.draw(context, this);
  }

  /// A rectangle of the plane in the canvas's own pixels, on whole ones: neighbours leave no seam.
  device({ x, y, width, height }) {
    const k = this.ratio;
    const left = Math.round((x * this.scale + this.x) * k);
    const top = Math.round((y * this.scale + this.y) * k);
    const right = Math.round(((x + width) * this.scale + this.x) * k);
    const bottom = Math.round(((y + height) * this.scale + this.y) * k);
    return [left, top, right - left, bottom - top];
  }

  /// A point of the screen (CSS pixels from the canvas's corner) on the plane.
  toPlane({ x, y }) {
    return { x: (x - this.x) / this.scale, y: (y - this.y) / this.scale };
  }

  /// The part of the plane that is on the screen.
  get visible() {
    const from = this.toPlane({ x: 0, y: 0 });
    const to = this.toPlane({ x: this.width, y: this.height });
    return { x: from.x, y: from.y, width: to.x - from.x, height: to.y - from.y };
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.refresh();
  }

  /// Zooms around a point of the screen.
  zoom(factor, at = { x: this.width / 2, y: this.height / 2 }) {
    const scale = Math.min(most, Math.max(least, this.scale * factor));
    this.x = at.x - ((at.x - this.x) * scale) / this.scale;
    this.y = at.y - ((at.y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.refresh();
  }

  /// Shows the whole of a rectangle; `inset` is what stands over the canvas on each side.
  fit({ x, y, width, height }, inset = { top: 24, right: 24, bottom: 24, left: 24 }) {
    const room = { width: this.width - inset.left - inset.right, height: this.height - inset.top - inset.bottom };
    this.scale = Math.min(most, Math.max(least, Math.min(room.width / width, room.height / height)));
    this.x = inset.left + (room.width - width * this.scale) / 2 - x * this.scale;
    this.y = inset.top + (room.height - height * this.scale) / 2 - y * this.scale;
    this.refresh();
  }

  /// Moves as little as needed to have a rectangle on the screen.
  reveal({ x, y, width, height }, margin = 40) {
    const [left, top] = [x * this.scale + this.x, y * this.scale + this.y];
    const [right, bottom] = [left + width * this.scale, top + height * this.scale];
    const shift = (from, to, room) => (from < margin ? margin - from : to > room - margin ? Math.max(margin - from, room - margin - to) : 0);
    this.pan(shift(left, right, this.width), shift(top, bottom, this.height));
  }
}
