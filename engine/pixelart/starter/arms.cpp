// Swords and shields.
#include <cmath>

#include "engine/pixelart/starter/classes.h"

namespace kiln::starter {
namespace {

// Places along a sword that points to the upper right: `along` from the lower left end, `across` towards the lower right.
Point on_sword(float along, float across) {
  constexpr float kHalf = 0.70710678f;
  return {2.0f + kHalf * along + kHalf * across, 14.0f - kHalf * along + kHalf * across};
}

void draw_emblem(Canvas& canvas, Random& random, const Shape& face, const Ramp& ramp, const Ramp& metal) {
  const float cy = random.between(7.2f, 8.2f);
  switch (random.whole(0, 6)) {
    case 0:
      canvas.paint(common(face, joined(box({8, 8}, 1.0f, 7), box({8, cy}, 7, 1.0f))), ramp, {.bevel = 1.5f});
      break;
    case 1:
      canvas.paint(common(face, box({11.5f, 8}, 3.5f, 7)), ramp, {.bevel = 3});
      break;
    case 2:
      canvas.paint(common(face, polygon({{1, cy}, {8, cy - 4}, {15, cy}, {15, cy + 3}, {8, cy - 1}, {1, cy + 3}})), ramp,
                   {.bevel = 1.5f});
      break;
    case 3:
      canvas.paint(common(face, polygon({{1, 2}, {4.5f, 1}, {15, 12}, {12, 14.5f}})), ramp, {.bevel = 1.5f});
      break;
    case 4:
      canvas.paint(polygon({{8, cy - 3}, {10.4f, cy}, {8, cy + 3}, {5.6f, cy}}), ramp, {.bevel = 1.6f, .contour = true});
      return;
    default:
      break;
  }
  if (random.chance(0.6f)) {
    const float r = random.between(1.5f, 2.4f);
    canvas.paint(ellipse({8, cy}, r, r), metal, {.bevel = r, .bias = 0.1f, .contour = true});
  }
}

Shape shield_outline(Random& random) {
  const float half = random.between(5.0f, 6.3f), top = random.between(1.6f, 2.4f), bottom = random.between(13.4f, 14.6f);
  switch (random.whole(0, 4)) {
    case 0:
      return ellipse({8, 8}, half, random.between(5.4f, 6.3f));
    case 1:  // heater
      return polygon({{8 - half, top},
                      {8 + half, top},
                      {8 + half, 8.4f},
                      {8 + half * 0.62f, 11.8f},
                      {8, bottom},
                      {8 - half * 0.62f, 11.8f},
                      {8 - half, 8.4f}});
    case 2:  // kite
      return polygon({{8 - half * 0.55f, top},
                      {8 + half * 0.55f, top},
                      {8 + half * 0.9f, 5},
                      {8 + half * 0.7f, 9},
                      {8, bottom},
                      {8 - half * 0.7f, 9},
                      {8 - half * 0.9f, 5}});
    case 3:  // with horns
      return polygon({{8 - half, top},
                      {8 - half * 0.4f, top + 1.3f},
                      {8, top},
                      {8 + half * 0.4f, top + 1.3f},
                      {8 + half, top},
                      {8 + half, 9.4f},
                      {8 + half * 0.5f, 12.6f},
                      {8, bottom},
                      {8 - half * 0.5f, 12.6f},
                      {8 - half, 9.4f}});
    default:
      return box({8, 8}, half * 0.86f, (bottom - top) / 2, random.between(1.0f, 2.6f));
  }
}

}  // namespace

void draw_sword(Canvas& canvas, Random& random) {
  Ramp blade = steel(random);
  const int magic = random.whole(0, 5);
  if (magic == 0) blade = bright(random);
  if (magic == 1) blade = gold(random);
  const Ramp guard = any_metal(random), grip = random.chance(0.6f) ? wood(random) : bright(random);
  const float hilt = random.between(3.6f, 5.2f), tip = random.between(15.2f, 16.9f);
  const float width = random.between(1.2f, 2.1f), shoulder = random.between(0.75f, 1.25f) * width;
  const float point = tip - random.between(1.6f, 3.4f);
  const float bow = random.chance(0.2f) ? random.between(0.8f, 1.5f) : 0;  // a sabre bends
  const float middle = (hilt + point) / 2;

  canvas.paint(capsule(on_sword(0.9f, 0), on_sword(hilt, 0), 0.75f, 0.75f), grip, {.bevel = 1});
  float along = 1.6f;
  while (along < hilt) {
    canvas.dot(on_sword(along, 0), grip, kShadow);
    along += 1.5f;
  }
  const Point spine[3] = {on_sword(hilt, 0), on_sword(middle, bow), on_sword(tip, 0)};
  canvas.paint(
      polygon({spine[0], on_sword(hilt, -width), on_sword(middle, bow - shoulder), on_sword(point, -shoulder), spine[2], spine[1]}),
      blade, {.tone = kLight});
  canvas.paint(
      polygon({spine[0], on_sword(hilt, width), on_sword(middle, bow + shoulder), on_sword(point, shoulder), spine[2], spine[1]}),
      blade, {.tone = kBase});
  if (width > 1.45f) {
    canvas.paint(capsule(on_sword(hilt + 1, 0), on_sword(middle + 2, bow * 0.7f), 0.35f, 0.35f), blade, {.tone = kShadow});
  }
  canvas.dot(on_sword(point - 1, -0.6f), blade, kShine);
  canvas.dot(on_sword(middle, bow - 0.6f), blade, kShine);
  const float reach = random.between(2.0f, 3.6f), sweep = random.between(-0.9f, 0.9f);
  canvas.paint(capsule(on_sword(hilt + sweep, -reach), on_sword(hilt, 0), 0.6f, 0.8f), guard, {.bevel = 1, .bias = 0.15f});
  canvas.paint(capsule(on_sword(hilt, 0), on_sword(hilt + sweep, reach), 0.8f, 0.6f), guard, {.bevel = 1, .bias = -0.1f});
  canvas.paint(ellipse(on_sword(0.7f, 0), 1.05f, 1.05f), guard, {.bevel = 1.2f, .bias = 0.1f});
  if (random.chance(0.35f)) canvas.dot(on_sword(hilt, 0), bright(random), kLight);
}

void draw_shield(Canvas& canvas, Random& random) {
  const Shape outline = shield_outline(random);
  const Ramp rim = any_metal(random);
  const Ramp face = random.chance(0.75f) ? bright(random) : wood(random);
  const Shape field = grown(outline, -random.between(0.9f, 1.5f));
  canvas.paint(outline, rim, {.bevel = 1.4f, .bias = 0.1f});
  canvas.paint(field, face, {.bevel = random.between(3.0f, 6.0f), .bias = 0.06f, .contour = random.chance(0.5f)});
  const Ramp second = random.chance(0.5f) ? rim : bright(random);
  draw_emblem(canvas, random, field, second, rim);
}

}  // namespace kiln::starter
