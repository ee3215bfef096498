// Fingers, pens, mice and wheels become three things: strokes, pans, zooms. Two fingers pan and zoom; once a pen was
// seen, fingers only pan, so that a resting hand leaves no mark.

import { listen } from "../base/dom.js";

/// - stroke: `{begin(point, event), move(points, event), end(event), cancel()}`, points on the plane.
/// - pans: whether the pointer that goes down moves the view instead.
export function gestures(canvas, view, { stroke, pans, hover, signal }) {
  const fingers = new Map();
  let active = null; // the pointer that strokes or pans
  let penSeen = false;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  function down(event) {
    if (event.button > 1) return;
    canvas.setPointerCapture(event.pointerId);
    penSeen ||= event.pointerType === "pen";
    if (event.pointerType === "touch") fingers.set(event.pointerId, at(event));
    if (fingers.size === 2) {
      if (active?.kind === "stroke") stroke.cancel();
      active = null;
      return;
    }
    if (active || fingers.size > 2) return;
    const panning = event.button === 1 || pans(event) || (penSeen && event.pointerType === "touch");
    active = { id: event.pointerId, kind: panning ? "pan" : "stroke", last: at(event) };
    if (panning) canvas.classList.add("panning");
    else stroke.begin(view.toPlane(active.last), event);
  }

  function move(event) {
    if (fingers.has(event.pointerId)) {
      if (fingers.size === 2) return pinch(event);
      fingers.set(event.pointerId, at(event));
    }
    if (active?.id !== event.pointerId) return void hover?.(view.toPlane(at(event)), event);
    if (active.kind === "pan") {
      const point = at(event);
      view.pan(point.x - active.last.x, point.y - active.last.y);
      active.last = point;
      return;
    }
    const events = event.getCoalescedEvents?.() ?? [];
    stroke.move((events.length ? events : [event]).map((each) => view.toPlane(at(each))), event);
    hover?.(view.toPlane(at(event)), event);
  }

  function pinch(event) {
    const [a, b] = [...fingers.values()];
    const before = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, spread: Math.hypot(a.x - b.x, a.y - b.y) };
    fingers.set(event.pointerId, at(event));
    const [c, d] = [...fingers.values()];
    const after = { x: (c.x + d.x) / 2, y: (c.y + d.y) / 2, spread: Math.hypot(c.x - d.x, c.y - d.y) };
    view.pan(after.x - before.x, after.y - before.y);
    if (before.spread > 0) view.zoom(after.spread / before.spread, after);
  }

  function up(event) {
    fingers.delete(event.pointerId);
    if (active?.id !== event.pointerId) return;
    const { kind } = active;
    active = null;
    canvas.classList.remove("panning");
    if (kind !== "stroke") return;
    if (event.type === "pointercancel") stroke.cancel();
    else stroke.end(event);
  }

  function wheel(event) {
    event.preventDefault();
    // A mouse's wheel turns in large, straight steps; what a touch pad sends is small or slanted, and pans.
    const zooms = event.ctrlKey || event.metaKey || (event.deltaX === 0 && Math.abs(event.deltaY) >= 50);
    if (zooms) view.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), at(event));
    else view.pan(-event.deltaX, -event.deltaY);
  }

  listen(canvas, "pointerdown", down, signal);
  listen(canvas, "pointermove", move, signal);
  listen(canvas, "pointerup", up, signal);
  listen(canvas, "pointercancel", up, signal);
  listen(canvas, "pointerleave", (event) => !active && hover?.(null, event), signal);
  listen(canvas, "wheel", wheel, signal, { passive: false });
  listen(canvas, "contextmenu", (event) => event.preventDefault(), signal);
}
