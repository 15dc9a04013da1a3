// Slimes, ghosts and skulls.
#include <cmath>
#include <numbers>

#include "engine/pixelart/starter/classes.h"

namespace kiln::starter {
namespace {

void draw_eyes(Canvas& canvas, Random& random, Point middle, float apart, float rx, float ry) {
  const Ramp dark = ink();
  const Ramp white = make_ramp({250, 0.01f, 0.93f});
  const int kind = random.whole(0, 2);
  for (const float side : {-1.0f, 1.0f}) {
    const Point eye = middle + Point{side * apart, 0};
    if (kind == 1) canvas.paint(ellipse(eye, rx + 0.5f, ry + 0.5f), white, {.tone = kLight});
    canvas.paint(ellipse(eye + Point{kind == 1 ? 0.25f : 0.0f, 0}, rx, ry), dark, {.tone = kShadow});
    if (kind != 1) canvas.dot(eye + Point{-0.3f, -ry * 0.5f}, white, kShine);
  }
}

}  // namespace

void draw_slime(Canvas& canvas, Random& random) {
  const Ramp jelly = bright(random);
  const float half = random.between(4.8f, 6.4f), top = random.between(3.4f, 8.0f), bottom = 14.4f;
  const float cx = 8 + random.between(-0.4f, 0.4f), height = bottom - top;
  Shape body = common(ellipse({cx, bottom - height * 0.36f}, half, height * 0.64f), above(bottom));
  body = joined(body, box({cx, bottom - 1.2f}, half * random.between(0.92f, 1.05f), 1.2f, 1.1f));
  if (random.chance(0.35f)) {  // a drop rises from its head
    const float lean = random.between(-1.4f, 1.4f);
    body = joined(body, polygon({{cx - 2, top + 1.8f}, {cx + lean, std::max(top - 2.2f, 1.5f)}, {cx + 2, top + 1.8f}}));
  }
  canvas.paint(body, jelly, {.bevel = random.between(3.6f, 5.2f)});
  const Point shine{cx - half * 0.5f, top + height * 0.3f};
  canvas.paint(capsule(shine, shine + Point{1.1f, -0.9f}, 0.6f, 0.5f), jelly, {.tone = kShine});
  if (random.chance(0.4f)) canvas.dot({cx + half * 0.55f, bottom - 2.6f}, jelly, kLight);
  const Point face{cx + random.between(-0.5f, 0.9f), top + height * random.between(0.48f, 0.6f)};
  const float apart = random.between(1.4f, 2.3f);
  const float eye_width = random.between(0.6f, 0.8f);
  draw_eyes(canvas, random, face, apart, eye_width, random.between(0.8f, 1.3f));
  const Point mouth = face + Point{0, random.between(1.9f, 2.4f)};
  switch (random.whole(0, 3)) {
    case 0:
      canvas.paint(box(mouth, 0.9f, 0.35f), jelly, {.tone = kOutline});
      break;
    case 1:
      canvas.paint(common(ellipse(mouth, 1.3f, 1.1f), below(mouth.y)), ink(), {.tone = kShadow});
      break;
    case 2:
      canvas.paint(ellipse(mouth, 0.6f, 0.7f), ink(), {.tone = kShadow});
      break;
    default:
      break;
  }
}

void draw_ghost(Canvas& canvas, Random& random) {
  const Ramp sheet = random.chance(0.55f)
                         ? make_ramp({random.between(200, 300), random.between(0.01f, 0.04f), random.between(0.84f, 0.9f)})
                         : make_ramp({random.between(140, 330), random.between(0.05f, 0.10f), random.between(0.68f, 0.8f)});
  const float half = random.between(4.2f, 5.6f), top = random.between(1.8f, 3.2f), hem = random.between(12.0f, 13.0f);
  Shape body = joined(ellipse({8, top + half}, half, half), box({8, (top + half + hem) / 2}, half, (hem - top - half) / 2));
  const int folds = random.whole(3, 4);
  const float width = 2 * half / static_cast<float>(folds), phase = random.between(0.6f, 2.0f);
  for (int i = 0; i < folds; ++i) {
    const float x = 8 - half + width * (static_cast<float>(i) + 0.5f), length = i % 2 == 0 ? phase : 2.4f - phase * 0.6f;
    body = joined(body, ellipse({x, hem}, width * 0.5f, std::max(length, 0.7f)));
  }
  const float arm = random.between(7.6f, 9.6f);
  const bool arms = random.chance(0.5f);
  if (arms) {
    for (const float side : {-1.0f, 1.0f}) {
      body =
          joined(body, capsule({8 + side * half * 0.8f, arm}, {8 + side * 6.2f, arm - random.between(-0.6f, 1.6f)}, 1.0f, 0.75f));
    }
  }
  canvas.paint(body, sheet, {.bevel = random.between(3.2f, 4.6f), .bias = 0.08f});
  for (int i = 1; i < folds; ++i) {
    const float x = 8 - half + width * static_cast<float>(i);
    const float rise = random.between(0.6f, 1.6f);
    canvas.paint(box({x, hem - rise}, 0.3f, random.between(0.6f, 1.4f)), sheet, {.tone = kShadow});
  }
  const Point face{8 + random.between(-0.8f, 0.8f), top + half * random.between(0.9f, 1.15f)};
  const float ry = random.between(1.0f, 1.7f), apart = random.between(1.6f, 2.2f);
  const Ramp hollow = random.chance(0.8f) ? ink() : bright(random);
  for (const float side : {-1.0f, 1.0f}) canvas.paint(ellipse(face + Point{side * apart, 0}, 0.9f, ry), hollow, {.tone = kShadow});
  if (random.chance(0.65f)) {
    const float drop = random.between(2.6f, 3.2f), width_of_mouth = random.between(0.6f, 1.3f);
    canvas.paint(ellipse(face + Point{0, drop}, width_of_mouth, random.between(0.6f, 1.3f)), hollow, {.tone = kShadow});
  }
  if (random.chance(0.3f)) {
    for (const float side : {-1.0f, 1.0f})
      canvas.dot(face + Point{side * (apart + 1), ry + 1}, make_ramp({5, 0.12f, 0.76f}), kBase);
  }
}

void draw_skull(Canvas& canvas, Random& random) {
  const Ramp ramp =
      random.chance(0.85f) ? bone(random) : make_ramp({random.between(100, 200), 0.05f, random.between(0.66f, 0.76f)});
  const Ramp dark = ink();
  const float half = random.between(5.0f, 6.2f), high = random.between(4.5f, 5.4f), top = random.between(1.6f, 2.6f);
  const float jaw_half = half * random.between(0.56f, 0.74f), cy = top + high, jaw_top = cy + high * 0.62f,
              jaw = random.between(12.6f, 14.5f);
  canvas.paint(box({8, (jaw_top + jaw) / 2}, jaw_half, (jaw - jaw_top) / 2, 0.8f), ramp, {.bevel = 2.0f, .bias = -0.08f});
  canvas.paint(ellipse({8, cy}, half, high), ramp, {.bevel = random.between(3.4f, 4.6f), .bias = 0.05f});
  const float apart = half * random.between(0.42f, 0.5f), rx = random.between(1.3f, 1.9f), ry = random.between(1.2f, 2.0f),
              slant = random.between(-0.5f, 0.5f);
  const float eye_y = cy + random.between(0.4f, 1.4f);
  const bool glowing = random.chance(0.2f);
  const Ramp glow = bright(random);
  for (const float side : {-1.0f, 1.0f}) {
    const Point eye{8 + side * apart, eye_y};
    canvas.paint(joined(ellipse(eye, rx, ry), ellipse(eye + Point{side * 0.4f, slant}, rx * 0.8f, ry * 0.8f)), dark,
                 {.tone = kShadow});
    if (glowing) canvas.paint(ellipse(eye, 0.7f, 0.7f), glow, {.tone = kLight});
  }
  canvas.paint(polygon({{8, eye_y + ry * 0.7f}, {8.9f, eye_y + ry + 1.2f}, {7.1f, eye_y + ry + 1.2f}}), dark, {.tone = kShadow});
  const int teeth = random.whole(2, 4);
  for (int i = 1; i < teeth; ++i) {
    const float x = 8 - jaw_half + 2 * jaw_half * static_cast<float>(i) / static_cast<float>(teeth);
    canvas.paint(box({x, jaw - 1.0f}, 0.32f, random.between(0.8f, 1.2f)), ramp, {.tone = kOutline});
  }
  if (random.chance(0.4f)) {
    const float x = 8 + random.between(0.6f, 3.0f);
    canvas.paint(joined(capsule({x, top + 0.6f}, {x + 0.7f, top + 2}, 0.28f, 0.28f),
                        capsule({x + 0.7f, top + 2}, {x - 0.2f, top + 3.2f}, 0.28f, 0.28f)),
                 ramp, {.tone = kOutline});
  }
}

}  // namespace kiln::starter
